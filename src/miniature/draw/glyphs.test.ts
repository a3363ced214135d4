import { describe, expect, it } from 'vitest';
import { random } from '../../core/random.ts';
import { createCanvas, UNITS } from './canvas.ts';
import { drawText, type Script, SCRIPTS } from './glyphs.ts';

function inked(script: Script, seed: number): { share: number; map: string } {
  const canvas = createCanvas({ pixels: 96 });
  canvas.brush().rect(0, 0, UNITS, UNITS, 0xffffff);
  const ink = canvas.brush();
  drawText(ink, { x: 4, y: 40, width: 88, height: 14 }, { script, paint: 0x000000, random: random(seed) });
  return { share: canvas.areas()[ink.index]!.visible, map: canvas.segmentation().join('') };
}

describe('drawText', () => {
  it.each(SCRIPTS)('writes %s as strokes: neither a blank nor a block', (script) => {
    const { share } = inked(script, 1);
    const box = (88 * 14) / UNITS ** 2;
    expect(share / box).toBeGreaterThan(0.08);
    expect(share / box).toBeLessThan(0.7);
  });

  it('writes different scripts, and different words for different seeds', () => {
    expect(new Set(SCRIPTS.map((script) => inked(script, 1).map)).size).toBe(SCRIPTS.length);
    expect(inked('greek', 1).map).not.toBe(inked('greek', 2).map);
  });
});
