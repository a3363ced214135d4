/**
 * Draws licence plates with a background colour, a band and a few letters. Plates are larger than in reality, so that a
 * model can see their colours.
 */
import { type Plate, plateName } from '../facts/country.ts';
import type { Source, Stage } from '../stage.ts';
import type { Box, Brush } from './canvas.ts';
import { COLOURS, type Colour } from './colour.ts';
import { drawText } from './glyphs.ts';

/** Draws a plate in the middle of a bumper. */
export function drawPlate(
  stage: Stage,
  { country, misleading }: Source,
  at: { x: number; y: number; carWidth: number },
): void {
  const { plate } = country;
  const width = at.carWidth * (plate.format === 'long' ? 0.56 : 0.34);
  const height = at.carWidth * (plate.format === 'long' ? 0.145 : 0.19);
  const box: Box = { x: at.x - width / 2, y: at.y - height / 2, width, height };
  const brush = stage.element(plateName(plate), { kind: 'plate', value: plateName(plate), misleading });
  paintPlate(brush, box, plate, stage);
}

function paintPlate(brush: Brush, { x, y, width, height }: Box, { ground, band, format }: Plate, stage: Stage): void {
  brush.rect(x - 0.35, y - 0.35, width + 0.7, height + 0.7, 0x2a2c30);
  brush.rect(x, y, width, height, COLOURS[ground]);
  const dark = ground === 'black' || ground === 'blue';
  const text: Colour = dark ? 0xffffff : 0x22242a;
  const side = width * 0.12;
  switch (band) {
    case 'left blue':
    case 'both blue':
      brush.rect(x, y, side, height, 0x1f47b0);
      if (band === 'both blue') brush.rect(x + width - side, y, side, height, 0x1f47b0);
      break;
    case 'right flag':
      brush.rect(x + width - side * 1.3, y, side * 1.3, height, 0xdfe4ee);
      brush.rect(x + width - side * 1.2, y + height * 0.5, side * 1.1, height * 0.2, 0x2458c4);
      brush.rect(x + width - side * 1.2, y + height * 0.7, side * 1.1, height * 0.2, 0xd22a22);
      break;
    case 'top blue':
      brush.rect(x, y, width, height * 0.3, 0x1f47b0);
      break;
    case undefined:
      break;
    default:
      band satisfies never;
  }
  const topped = band === 'top blue';
  const letters: Box = {
    x: x + width * (band === 'left blue' || band === 'both blue' ? 0.16 : 0.06),
    y: y + height * (topped ? 0.42 : 0.24),
    width: width * (band === undefined || topped ? 0.88 : 0.68),
    height: height * (topped ? 0.42 : 0.52) * (format === 'short' ? 0.9 : 1),
  };
  drawText(brush, letters, { script: 'latin', paint: text, random: stage.random });
}
