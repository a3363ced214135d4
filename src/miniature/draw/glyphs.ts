/**
 * Draws writing without fonts. Each script has a few letters, defined as strokes on a unit square (x right, y down; y
 * is 0 at the letter's top and 1 at the baseline). Letters seven pixels high are enough to tell the scripts apart. They
 * spell no words.
 */
import type { Random } from '../../core/random.ts';
import type { Box, Brush, Paint, Point } from './canvas.ts';

/** The strokes of each letter, separated by "|". "x,y x,y …" is a line, "o x,y r" a ring. Numbers are in tenths. */
const LETTERS = {
  latin: [
    '0,10 5,0 10,10|2,6 8,6',
    '0,10 0,0 8,0|0,5 6,5|0,10 8,10',
    '0,10 0,0 8,1 8,4 0,5 8,10',
    '0,0 10,0|5,0 5,10',
    '9,1 3,0 1,3 8,6 8,9 1,10',
    'o 5,5 5',
    '0,10 0,0 9,10 9,0',
    '0,0 0,10 8,10',
    '0,0 0,10|9,0 9,10|0,5 9,5',
  ],
  'accented latin': [
    '0,10 5,3 10,10|2,7 8,7|3,1 5,-2 8,1',
    '0,10 0,3 8,3|0,6 6,6|0,10 8,10|3,1 7,-1',
    'o 5,7 4|2,0 3,0|7,0 8,0',
    '0,3 0,10 8,10 8,3|3,0 7,-2',
    '9,4 3,3 1,5 8,7 8,9 1,10|5,10 5,13 3,13',
    '0,10 0,3 9,10 9,3|2,0 4,-1 6,0 8,-1',
    '0,10 5,3 10,10|2,7 8,7|4,13 5,13',
  ],
  cyrillic: [
    '0,0 5,5 0,10|10,0 5,5 10,10|5,0 5,10',
    '0,10 10,10|1,10 3,0 8,0 9,10|-1,12 0,10|11,12 10,10',
    '0,0 0,10 9,0 9,10',
    '9,10 9,0 2,0 1,4 9,5|4,5 0,10',
    '0,0 0,10 10,10 10,0|5,0 5,10',
    '0,0 0,10 7,10 8,6 0,5|0,0 8,0',
    '0,10 0,0 9,0 9,10',
    '1,0 8,0 8,10 1,10|8,5 3,5',
    '0,10 4,0 8,0 9,10',
  ],
  greek: [
    '9,1 9,0 0,0 5,5 0,10 9,10 9,9',
    '0,10 2,10 1,4 3,0 8,0 10,4 8,10 10,10',
    '0,10 5,0 10,10 0,10',
    'o 5,5 5|3,5 7,5',
    '0,10 5,0 10,10',
    '0,0 1,5 9,5 10,0|5,0 5,10',
    '0,0 9,0|2,5 7,5|0,10 9,10',
    'o 5,5 4|5,-1 5,11',
    '0,10 0,0 8,0',
  ],
  arabic: [
    '10,8 0,8 0,4',
    '10,8 6,8 5,4 2,6 4,8 0,8',
    '10,8 0,8|4,11 5,11|6,3 6,2',
    '10,8 8,8 8,0|8,8 0,8',
    '10,8 5,8 2,5 1,9 5,13 9,12',
    '10,8 8,5 6,8 4,5 3,8 0,8',
    '10,8 4,8 4,2 6,1|2,4 3,3|4,8 0,8',
    'o 5,6 3|8,8 10,8|0,8 3,8|4,0 6,0',
  ],
  hebrew: [
    '0,1 9,1 9,10|2,1 2,10',
    '0,0 9,9|8,0 7,4 4,5|1,10 2,5',
    '1,0 8,0 8,10 0,10',
    '0,1 9,1 8,10|0,10 0,4',
    '0,0 1,9 9,9 10,0|5,0 4,6',
    '4,0 6,1 6,10',
    '0,1 9,1 9,10',
    '0,0 2,10 8,8 9,1 6,0',
    '1,0 9,0 9,3 4,10',
  ],
  devanagari: [
    '0,0 11,0|8,0 8,10|8,5 3,4 2,7 5,8',
    '0,0 11,0|8,0 8,10|3,0 3,5 8,5',
    '0,0 11,0|5,0 5,3 9,5 4,8 8,11',
    '0,0 11,0|8,0 8,10|8,3 3,3 3,7 8,7',
    '0,0 11,0|6,0 6,3 2,5 7,7 3,10',
    '0,0 11,0|9,0 9,10|1,3 5,3 5,7 1,7',
    '0,0 11,0|5,0 5,10|5,3 1,4 2,8 5,6 9,4 9,8',
  ],
  thai: [
    'o 2,8 1.5|3,9 2,2 6,0 9,2 9,10',
    'o 2,2 1.5|2,4 2,10 8,10 8,1',
    'o 7,9 1.5|8,8 8,2 5,0 1,2 4,5|1,10 1,6',
    'o 2,2 1.5|2,4 3,10 5,5 7,10 9,0',
    'o 3,5 1.5|2,6 2,10 8,10 9,3 6,0 1,1|8,-2 9,-4',
    'o 8,4 1.5|9,5 9,10 2,10 2,1|3,-2 7,-3',
  ],
  han: [
    '0,1 10,1|5,0 5,10|1,4 9,4|0,7 10,7|2,10 8,10',
    '1,0 1,10 9,10 9,0 1,0|1,5 9,5|5,0 5,10',
    '5,0 5,10|0,3 10,3|5,4 0,9|5,4 10,9',
    '0,1 4,1|2,0 2,10|0,5 4,5|6,0 6,10 10,10 10,0 6,0|6,5 10,5',
    '0,2 10,2|3,0 3,4|7,0 7,4|1,5 9,5 9,10 1,10 1,5|1,7 9,7',
    '0,0 10,0|5,0 5,9|0,4 10,4|0,10 10,10|2,4 2,8',
    '2,0 0,4|2,3 2,10|5,1 10,1|7,1 7,10|5,5 10,5|5,10 10,10',
  ],
  kana: [
    '0,2 9,1|4,0 4,9|7,4 2,9 1,6 5,5 9,7 7,10',
    '1,1 8,1 4,4|4,4 2,9 8,10',
    '1,2 9,2|7,0 4,10',
    '0,1 9,1 5,5|5,3 4,10',
    '1,0 1,8 4,9|8,1 9,6',
    '2,1 8,1|1,5 9,4 6,10 3,9',
    '5,0 2,5 6,5 4,10|8,3 9,6',
    '0,3 9,3 7,9|4,0 1,10',
  ],
  hangul: [
    '0,0 5,0 5,5|8,0 8,6|8,3 10,3|o 4,8 2',
    'o 3,3 2.5|8,0 8,10|8,4 10,4',
    '0,0 9,0|1,3 8,3|0,6 10,6|5,6 5,8|1,10 9,10',
    '0,0 0,5 6,5|9,0 9,6|0,10 9,10 9,8 0,8',
    '4,0 0,5|4,0 8,5|0,7 10,7|o 5,10 2',
    'o 5,2 2|5,4 5,6|0,6 10,6|1,8 9,8 9,10',
    '0,0 5,0 5,5 0,5 0,0|9,0 9,10|7,3 9,3',
  ],
  georgian: [
    '2,0 8,2 9,7 5,10 1,7 4,5',
    '1,2 5,0 9,3 6,5 9,8 5,11 1,9',
    'o 5,7 3|5,4 2,0|5,4 8,0',
    '0,3 3,0 5,3 7,0 10,3 10,8 5,10',
    '2,0 2,7 6,10 9,7 6,5 2,7',
    '1,4 5,1 9,4 5,12 2,10',
    'o 3,6 3|6,6 6,0 10,0|6,6 9,10',
  ],
  ethiopic: [
    '0,0 10,0|2,0 2,10|8,0 8,10|0,10 3,10|7,10 10,10',
    'o 5,3 3|5,6 5,10|3,10 8,10',
    '0,2 4,0 6,0 10,2|5,0 5,10|5,6 9,8',
    '1,0 1,5 9,5 9,0|5,5 5,10|5,10 8,10',
    'o 3,5 2.5|o 8,5 2.5|5,0 5,10',
    '2,10 2,3 5,0 8,3 8,10|8,10 11,10',
  ],
  sinhala: [
    '1,8 0,4 4,1 8,3 9,8 5,10 3,7 6,5',
    'o 3,7 2.5|5,6 4,1 8,0 10,5 8,10',
    '2,2 5,0 9,3 9,8 5,10 1,8 2,5 5,6|9,3 11,0',
    'o 5,6 4|5,6 7,4|2,1 5,0',
    '0,5 3,2 5,5 7,2 10,5 8,10 2,10 0,5',
    'o 2,8 2|4,8 8,9 10,5 7,1 3,2',
  ],
} as const satisfies Record<string, readonly string[]>;

export type Script = keyof typeof LETTERS;
export const SCRIPTS = Object.keys(LETTERS) as Script[];

type Stroke =
  | { readonly kind: 'path'; readonly points: readonly Point[] }
  | { readonly kind: 'ring'; readonly centre: Point; readonly radius: number };

const pair = (text: string): Point => {
  const [x, y] = text.split(',').map(Number);
  return [x! / 10, y! / 10];
};

const parse = (letter: string): Stroke[] =>
  letter.split('|').map((stroke) => {
    const parts = stroke.split(' ');
    return parts[0] === 'o'
      ? { kind: 'ring', centre: pair(parts[1]!), radius: Number(parts[2]) / 10 }
      : { kind: 'path', points: parts.map(pair) };
  });

const STROKES = Object.fromEntries(SCRIPTS.map((script) => [script, LETTERS[script].map(parse)])) as Record<
  Script,
  Stroke[][]
>;

/** Ratio of a letter's width to its height. Connected and round scripts are wider. */
const WIDTH: Partial<Record<Script, number>> = {
  arabic: 0.9,
  han: 0.95,
  kana: 0.85,
  hangul: 0.9,
  devanagari: 0.75,
  sinhala: 0.9,
  thai: 0.75,
};
const GAP: Partial<Record<Script, number>> = { arabic: 0, devanagari: 0.08 };

/** Fills the box with one line of as many letters as fit. Random gaps separate words. */
export function drawText(brush: Brush, box: Box, options: { script: Script; paint: Paint; random: Random }): void {
  const { script, paint, random } = options;
  const letters = STROKES[script];
  const width = box.height * (WIDTH[script] ?? 0.68);
  const gap = box.height * (GAP[script] ?? 0.26);
  const pen = Math.max(0.55, box.height * 0.15);
  const count = Math.max(1, Math.floor((box.width + gap) / (width + gap)));
  let x = box.x + (box.width - count * (width + gap) + gap) / 2;
  for (let i = 0; i < count; i++, x += width + gap) {
    if (count > 4 && i > 1 && i < count - 2 && random.next() < 0.18) continue;
    for (const stroke of letters[random.integer(letters.length)]!) {
      const at = ([sx, sy]: Point): Point => [x + sx * width, box.y + sy * box.height];
      if (stroke.kind === 'path') brush.line(stroke.points.map(at), pen, paint);
      else ring(brush, at(stroke.centre), { x: stroke.radius * width, y: stroke.radius * box.height }, pen, paint);
    }
  }
}

function ring(brush: Brush, [x, y]: Point, radius: { x: number; y: number }, pen: number, paint: Paint): void {
  const points: Point[] = Array.from({ length: 9 }, (_, i) => [
    x + radius.x * Math.cos((i * Math.PI) / 4),
    y + radius.y * Math.sin((i * Math.PI) / 4),
  ]);
  brush.line(points, pen, paint);
}
