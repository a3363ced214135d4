/** Draws flags from stripes, crosses, discs and cantons. Colours and layout are real; emblems are simplified. */
import { COLOURS, type ColourName } from './colour.ts';
import type { Box, Brush, Point } from './canvas.ts';

export type Emblem =
  | { readonly kind: 'disc'; readonly colour: ColourName; readonly x?: number; readonly size?: number }
  | {
      readonly kind: 'star';
      readonly colour: ColourName;
      readonly x?: number;
      readonly y?: number;
      readonly size?: number;
    }
  | { readonly kind: 'crescent'; readonly colour: ColourName; readonly on: ColourName; readonly x?: number }
  /** A cross whose arms reach the edges; `x` is the position of its vertical arm. */
  | { readonly kind: 'cross'; readonly colour: ColourName; readonly x?: number; readonly width?: number }
  | { readonly kind: 'saltire'; readonly colour: ColourName; readonly width?: number }
  /**
   * A rectangle with its upper left corner at (x, y). By default, the rectangle is in the flag's upper corner at the
   * pole.
   */
  | {
      readonly kind: 'canton';
      readonly colour: ColourName;
      readonly x?: number;
      readonly y?: number;
      readonly width?: number;
      readonly height?: number;
    }
  | { readonly kind: 'hoist triangle'; readonly colour: ColourName }
  | { readonly kind: 'hoist band'; readonly colour: ColourName; readonly width: number }
  | { readonly kind: 'diamond'; readonly colour: ColourName };

/** Stripes in order, with their relative widths (`weights`), and emblems on top of the stripes. */
export type Flag = {
  readonly stripes: 'horizontal' | 'vertical';
  readonly colours: readonly ColourName[];
  readonly weights?: readonly number[];
  readonly emblems?: readonly Emblem[];
};

/** Names a flag by its colours, at most four, in order of first appearance. */
export function flagName({ colours, emblems = [] }: Flag): string {
  const names = [...colours, ...emblems.map(({ colour }) => colour)];
  return `${[...new Set(names)].slice(0, 4).join(' ')} flag`;
}

export function drawFlag(brush: Brush, { x, y, width, height }: Box, flag: Flag): void {
  const { colours, stripes, emblems = [] } = flag;
  const weights = flag.weights ?? colours.map(() => 1);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let start = 0;
  for (const [i, colour] of colours.entries()) {
    const share = weights[i]! / total;
    if (stripes === 'vertical') brush.rect(x + start * width, y, share * width, height, COLOURS[colour]);
    else brush.rect(x, y + start * height, width, share * height, COLOURS[colour]);
    start += share;
  }
  for (const emblem of emblems) drawEmblem(brush, { x, y, width, height }, emblem);
}

function drawEmblem(brush: Brush, { x, y, width, height }: Box, emblem: Emblem): void {
  const colour = COLOURS[emblem.colour];
  const middle = y + height / 2;
  switch (emblem.kind) {
    case 'disc': {
      const radius = height * (emblem.size ?? 0.3);
      return brush.ellipse(x + width * (emblem.x ?? 0.5), middle, radius, radius, colour);
    }
    case 'star':
      return brush.polygon(
        star(x + width * (emblem.x ?? 0.5), y + height * (emblem.y ?? 0.5), height * (emblem.size ?? 0.25)),
        colour,
      );
    case 'crescent': {
      const centre = x + width * (emblem.x ?? 0.45);
      brush.ellipse(centre, middle, height * 0.28, height * 0.28, colour);
      brush.ellipse(centre + height * 0.1, middle, height * 0.23, height * 0.23, COLOURS[emblem.on]);
      return brush.polygon(star(centre + height * 0.28, middle, height * 0.12), colour);
    }
    case 'cross': {
      const thick = height * (emblem.width ?? 0.2);
      brush.rect(x + width * (emblem.x ?? 0.5) - thick / 2, y, thick, height, colour);
      return brush.rect(x, middle - thick / 2, width, thick, colour);
    }
    case 'saltire': {
      const w = width * (emblem.width ?? 0.12);
      brush.polygon(
        [
          [x, y],
          [x + w, y],
          [x + width, y + height],
          [x + width - w, y + height],
        ],
        colour,
      );
      return brush.polygon(
        [
          [x + width, y],
          [x + width - w, y],
          [x, y + height],
          [x + w, y + height],
        ],
        colour,
      );
    }
    case 'canton':
      return brush.rect(
        x + width * (emblem.x ?? 0),
        y + height * (emblem.y ?? 0),
        width * (emblem.width ?? 0.45),
        height * (emblem.height ?? 0.5),
        colour,
      );
    case 'hoist triangle':
      return brush.polygon(
        [
          [x, y],
          [x + width * 0.45, middle],
          [x, y + height],
        ],
        colour,
      );
    case 'hoist band':
      return brush.rect(x, y, width * emblem.width, height, colour);
    case 'diamond':
      return brush.polygon(
        [
          [x + width * 0.12, middle],
          [x + width / 2, y + height * 0.1],
          [x + width * 0.88, middle],
          [x + width / 2, y + height * 0.9],
        ],
        colour,
      );
    default:
      return emblem satisfies never;
  }
}

function star(x: number, y: number, radius: number): Point[] {
  return Array.from({ length: 10 }, (_, i) => {
    const r = i % 2 === 0 ? radius : radius * 0.42;
    const angle = (i * Math.PI) / 5 - Math.PI / 2;
    return [x + r * Math.cos(angle), y + r * Math.sin(angle)];
  });
}
