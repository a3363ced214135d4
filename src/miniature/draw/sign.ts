/** Draws shop boards and posters in the script of the place, warning signs, direction signs, and flags on poles. */
import type { Stage } from '../stage.ts';
import { flagWords } from '../cues.ts';
import type { Box, Point } from './canvas.ts';
import { COLOURS, type Colour } from './colour.ts';
import { drawFlag } from './flag.ts';
import { drawText, type Script } from './glyphs.ts';

const SCRIPT_WORDS: Partial<Record<Script, string>> = {
  han: 'chinese',
  kana: 'japanese',
  hangul: 'korean',
  latin: 'latin-script',
  'accented latin': 'accented latin',
};

/** The usual English name of something written in a script: "korean sign", "cyrillic sign". */
export const scriptWords = (script: Script, thing: string): string => `${SCRIPT_WORDS[script] ?? script} ${thing}`;

/** Background and letter colours of shop boards; all of them occur in every country. */
const BOARDS: readonly (readonly [Colour, Colour])[] = [
  [0x1d3f8a, 0xffffff],
  [0xb3241c, 0xffffff],
  [0x1e6b3c, 0xffffff],
  [0xf4ead0, 0x222222],
  [0x2a2a2e, 0xf4d96a],
  [0x6a2a6e, 0xffffff],
  [0xf0b321, 0x222222],
];

/** Draws a board with one or two lines of writing, or a blank board if the plan shows no script. */
export function drawBoard(stage: Stage, box: Box, { thing = 'sign', lines = 1 } = {}): void {
  const source = stage.source('script');
  const [ground, ink] = stage.pick(BOARDS);
  if (source === undefined) {
    stage.element(`blank ${thing}`).rect(box.x, box.y, box.width, box.height, ground);
    return;
  }
  const { script } = source.country;
  const brush = stage.element(scriptWords(script, thing), {
    kind: 'script',
    value: script,
    misleading: source.misleading,
  });
  brush.rect(box.x, box.y, box.width, box.height, ground);
  const inner = box.height / lines;
  for (let line = 0; line < lines; line++)
    drawText(
      brush,
      { x: box.x + 1, y: box.y + inner * (line + 0.2), width: box.width - 2, height: inner * 0.58 },
      { script, paint: ink, random: stage.random },
    );
}

/** Draws a road warning sign, `size` units wide, on a pole. */
export function drawWarningSign(
  stage: Stage,
  { x, ground, size, height }: { x: number; ground: number; size: number; height: number },
): void {
  const source = stage.source('warning sign');
  if (source === undefined) return;
  const { warningSign } = source.country;
  const brush = stage.element(`${warningSign} warning sign`, {
    kind: 'warning sign',
    value: warningSign,
    misleading: source.misleading,
  });
  const top = ground - height;
  brush.rect(x - 0.5, top + size * 0.5, 1, height - size * 0.5, 0x8a8f94);
  const half = size / 2;
  if (warningSign === 'yellow diamond') {
    const diamond = (r: number): Point[] => [
      [x, top + half - r],
      [x + r, top + half],
      [x, top + half + r],
      [x - r, top + half],
    ];
    brush.polygon(diamond(half * 1.15), 0x1d1f23);
    brush.polygon(diamond(half), 0xf7c81e);
  } else {
    const triangle = (grow: number): Point[] => [
      [x, top - grow],
      [x + half + grow, top + size * 0.9 + grow * 0.6],
      [x - half - grow, top + size * 0.9 + grow * 0.6],
    ];
    brush.polygon(triangle(size * 0.14), 0xcf2620);
    brush.polygon(triangle(-size * 0.13), warningSign === 'white triangle' ? 0xfafafa : 0xf7d21e);
  }
  brush.rect(x - size * 0.05, top + size * 0.36, size * 0.1, size * 0.3, 0x1d1f23);
  brush.rect(x - size * 0.05, top + size * 0.7, size * 0.1, size * 0.09, 0x1d1f23);
}

/** Draws a direction sign over or beside the road, with arrows instead of place names. */
export function drawDirectionSign(stage: Stage, box: Box, { ground }: { ground: number }): void {
  const source = stage.source('direction sign');
  if (source === undefined) return;
  const { directionSign } = source.country;
  const brush = stage.element(`${directionSign} direction sign`, {
    kind: 'direction sign',
    value: directionSign,
    misleading: source.misleading,
  });
  const { x, y, width, height } = box;
  brush.rect(x + width / 2 - 0.6, y + height, 1.2, Math.max(0, ground - y - height), 0x8a8f94);
  const dark = directionSign === 'yellow' || directionSign === 'white';
  const ink = dark ? 0x1d1f23 : 0xffffff;
  brush.rect(x - 0.5, y - 0.5, width + 1, height + 1, ink);
  brush.rect(x, y, width, height, COLOURS[directionSign]);
  brush.line(
    [
      [x + width * 0.2, y + height * 0.85],
      [x + width * 0.2, y + height * 0.25],
    ],
    1,
    ink,
  );
  brush.polygon(
    [
      [x + width * 0.1, y + height * 0.4],
      [x + width * 0.2, y + height * 0.12],
      [x + width * 0.3, y + height * 0.4],
    ],
    ink,
  );
  brush.rect(x + width * 0.4, y + height * 0.22, width * 0.5, height * 0.16, ink);
  brush.rect(x + width * 0.4, y + height * 0.56, width * 0.38, height * 0.16, ink);
}

/** Draws the flag into a box. If `ground` is set, also draws a pole that reaches down to it. */
export function drawFlagAt(stage: Stage, box: Box, { ground }: { ground?: number } = {}): void {
  const source = stage.source('flag');
  if (source === undefined) return;
  const { country, misleading } = source;
  const brush = stage.element(flagWords(country), { kind: 'flag', value: country.code, misleading });
  if (ground !== undefined) stage.element('flagpole').rect(box.x - 0.9, box.y - 1, 0.9, ground - box.y + 1, 0xd9dcdf);
  drawFlag(brush, box, country.flag);
}
