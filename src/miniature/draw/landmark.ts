/** Draws a landmark. Reads the line in landmark-kinds.ts that lists its parts, and paints each part in its colour. */
import type { Brush, Point } from './canvas.ts';
import { COLOURS, type Colour, type ColourName, darker, lighter } from './colour.ts';
import { LANDMARK_KINDS, type LandmarkKind, landmarkLine } from './landmark-kinds.ts';
import { outlines } from './landmark-outlines.ts';

/** Part colours that do not depend on the landmark's colour. */
const OWN: Readonly<Record<string, Colour>> = {
  '=': 0x3a3a44,
  '*': 0xf4efe4,
  hill: 0x6f9a55,
  sea: 0x4f8fb8,
  sky: 0xb9d4e6,
  smoke: 0xe4e4e6,
  flame: 0xf2c12e,
  stripe: 0xc93a2c,
  lotus: 0xd9a9b8,
  turq: 0x2f7fa8,
};

type Part = { readonly shape: string; readonly numbers: readonly number[]; readonly tone: string };

const parts = (line: string): Part[] =>
  line.split('|').map((part) => {
    const words = part.split(' ');
    const last = words.at(-1)!;
    const tone = Number.isNaN(Number(last)) ? last : '';
    return { shape: words[0]!, numbers: words.slice(1, tone === '' ? undefined : -1).map(Number), tone };
  });

const PARTS = Object.fromEntries(LANDMARK_KINDS.map((kind) => [kind, parts(landmarkLine(kind))])) as Record<
  LandmarkKind,
  Part[]
>;

function paintOf(tone: string, base: Colour): Colour {
  if (tone === '') return base;
  if (tone === '+') return lighter(base, 0.28);
  if (tone === '-') return darker(base, 0.25);
  // On a white landmark, a white detail would be invisible, so it is painted grey.
  if (tone === '*') return base > 0xf0f0f0 ? 0xd9d5cc : OWN['*']!;
  return OWN[tone] ?? COLOURS[tone as ColourName];
}

export type Standing = { readonly x: number; readonly ground: number; readonly height: number };

/** Draws a landmark on its ground line, `height` units high. */
export function drawLandmark(brush: Brush, at: Standing, landmark: { kind: LandmarkKind; colour: ColourName }): void {
  const scale = at.height / 100;
  const point = (x: number, y: number): Point => [at.x + x * scale, at.ground - y * scale];
  for (const { shape, numbers, tone } of PARTS[landmark.kind]) {
    const paint = paintOf(tone, COLOURS[landmark.colour]);
    for (const outline of outlines(shape, numbers)) {
      brush.polygon(
        outline.map(([x, y]) => point(x, y)),
        paint,
      );
    }
  }
}
