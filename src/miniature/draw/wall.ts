/**
 * Draws walls with their texture and windows. A map turns the facade's coordinates (u from 0 to width, v upwards from
 * the ground) into coordinates of the picture. The map lets the same code draw a facade from the front or in the
 * perspective of a street.
 */
import type { Random } from '../../core/random.ts';
import type { WallStyle } from '../facts/country.ts';
import type { Brush, Paint, Point } from './canvas.ts';
import { type Colour, darker, lighter, varied } from './colour.ts';

export type FacadeMap = (u: number, v: number) => Point;
export type Facade = {
  readonly map: FacadeMap;
  readonly width: number;
  readonly height: number;
  readonly random: Random;
  /** Height of the strip above the ground that stays free for shop fronts. */
  readonly shop?: number;
};

const WALLS: Readonly<Record<WallStyle | 'plain', readonly Colour[]>> = {
  brick: [0xa34a36, 0x94412f, 0xb05a40],
  limestone: [0xe0d3b4, 0xd8c9a6, 0xe6dcc2],
  whitewashed: [0xf7f6f0, 0xf1efe8],
  pastel: [0xf2c9b8, 0xcfe0c4, 0xf3e3ae, 0xc3d6e8, 0xe9c6d6],
  ochre: [0xd99a4e, 0xe0a95f, 0xcf8444],
  tiled: [0x9fc0d6, 0xb7cfdc, 0xd4dfe2],
  'half-timbered': [0xf3ead6, 0xeee2c8],
  'concrete panel': [0xb7b5ad, 0xa8a8a2, 0xc2beb2],
  clapboard: [0xe9e6da, 0xc9d5da, 0xe8dcae],
  'red wooden': [0x9d2f25, 0x8b2a22],
  corrugated: [0x8f9aa0, 0x7fa0a8, 0xa58a72],
  adobe: [0xc0764c, 0xb56a44, 0xcb8358],
  glass: [0x6fa3c4, 0x86b6cf, 0x5f8fb4],
  'bright painted': [0x27a3b8, 0xe8588a, 0xf2b632, 0x4fae55, 0xe86a3a],
  'grey brick': [0x7d8386, 0x70777b],
  plain: [0xc4c3bf, 0xb9bab8, 0xcdcbc5],
};

const quad = (map: FacadeMap, u: number, v: number, width: number, height: number): Point[] => [
  map(u, v),
  map(u + width, v),
  map(u + width, v + height),
  map(u, v + height),
];

export function drawWall(brush: Brush, facade: Facade, style: WallStyle | 'plain'): void {
  const { map, width, height, random } = facade;
  const colours = WALLS[style];
  const colour = varied(colours[random.integer(colours.length)]!, random, 8);
  brush.polygon(quad(map, 0, 0, width, height), { top: lighter(colour, 0.06), bottom: darker(colour, 0.06) });
  texture(brush, facade, style, colour);
  windows(brush, facade, style, colour);
}

function texture(brush: Brush, { map, width, height }: Facade, style: WallStyle | 'plain', colour: Colour): void {
  const level = (v: number, paint: Paint, thickness = 0.5): void =>
    brush.polygon(quad(map, 0, v, width, thickness), paint);
  const upright = (u: number, paint: Paint, thickness = 0.6): void =>
    brush.polygon(quad(map, u, 0, thickness, height), paint);
  switch (style) {
    case 'brick':
    case 'grey brick':
      for (let v = 1.2; v < height; v += 1.7) level(v, lighter(colour, 0.22), 0.4);
      return;
    case 'clapboard':
    case 'red wooden':
      for (let v = 1; v < height; v += 1.9) level(v, darker(colour, 0.2), 0.5);
      return;
    case 'corrugated':
      for (let u = 0.8; u < width; u += 1.8) upright(u, darker(colour, 0.22), 0.7);
      return;
    case 'concrete panel':
      for (let v = 6; v < height; v += 6) level(v, darker(colour, 0.25));
      for (let u = 5.5; u < width; u += 5.5) upright(u, darker(colour, 0.18), 0.4);
      return;
    case 'tiled':
      for (let v = 2; v < height; v += 2.4) level(v, 0xffffff, 0.5);
      for (let u = 2; u < width; u += 2.4) upright(u, 0xffffff, 0.5);
      return;
    case 'half-timbered': {
      const beam = 0x5d3a22;
      for (let v = 0; v < height; v += 7.5) level(v, beam, 1);
      level(height - 1, beam, 1);
      for (let u = 0; u <= width; u += 5.5) upright(Math.min(u, width - 1), beam, 1);
      for (let u = 0; u + 5.5 <= width; u += 11)
        brush.polygon(
          [map(u, height - 8), map(u + 1, height - 8), map(u + 6, height - 1), map(u + 5, height - 1)],
          beam,
        );
      return;
    }
    case 'limestone':
      for (let v = 9; v < height; v += 9) level(v, darker(colour, 0.2), 0.8);
      return;
    case 'adobe':
      for (let u = 2; u < width; u += 4) brush.polygon(quad(map, u, height - 3, 1, 1), 0x5a3a26);
      return;
    case 'glass':
      for (let v = 3; v < height; v += 4) level(v, lighter(colour, 0.35), 0.5);
      for (let u = 3; u < width; u += 4) upright(u, lighter(colour, 0.35), 0.4);
      return;
    case 'whitewashed':
    case 'pastel':
    case 'ochre':
    case 'bright painted':
    case 'plain':
      return;
    default:
      return style satisfies never;
  }
}

/** Draws the windows, which differ a little between styles; glass towers have none. */
function windows(brush: Brush, facade: Facade, style: WallStyle | 'plain', colour: Colour): void {
  if (style === 'glass') return;
  const { map, width, height, random, shop = 0 } = facade;
  const narrow = style === 'limestone' || style === 'pastel' || style === 'ochre';
  const step = style === 'concrete panel' ? 5.5 : 6.5;
  const size: Point = style === 'whitewashed' || style === 'adobe' ? [1.8, 2.6] : narrow ? [2.1, 4.4] : [3, 3.4];
  const frame =
    style === 'whitewashed' ? 0x2f62b5 : style === 'red wooden' || style === 'brick' ? 0xf5f3ea : darker(colour, 0.3);
  const columns = Math.max(1, Math.floor(width / step));
  const rows = Math.max(1, Math.floor((height - shop) / (narrow ? 8.5 : 7)));
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const u = ((column + 0.5) * width) / columns - size[0] / 2;
      const v = shop + ((row + 0.5) * (height - shop)) / rows - size[1] / 2;
      brush.polygon(quad(map, u - 0.5, v - 0.5, size[0] + 1, size[1] + 1), frame);
      brush.polygon(quad(map, u, v, size[0], size[1]), random.next() < 0.12 ? 0xf6e3a0 : 0x3f566b);
    }
  }
}
