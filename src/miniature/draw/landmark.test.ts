import { describe, expect, it } from 'vitest';
import { createCanvas, UNITS } from './canvas.ts';
import { drawLandmark } from './landmark.ts';
import { LANDMARK_KINDS } from './landmark-kinds.ts';

/** The segmentation of a small landmark drawing as a string, to compare shapes without colours. */
function silhouette(kind: (typeof LANDMARK_KINDS)[number]): string {
  const canvas = createCanvas({ pixels: 24 });
  canvas.brush().rect(0, 0, UNITS, UNITS, 0xffffff);
  drawLandmark(canvas.brush(), { x: 48, ground: 90, height: 80 }, { kind, colour: 'brown' });
  return canvas.segmentation().join('');
}

describe('drawLandmark', () => {
  it.each(LANDMARK_KINDS)('draws a %s that can be seen', (kind) => {
    const canvas = createCanvas({ pixels: 48 });
    const brush = canvas.brush();
    drawLandmark(brush, { x: 48, ground: 90, height: 60 }, { kind, colour: 'red' });
    const drawn = canvas.image().filter((value) => value > 0).length;
    expect(drawn).toBeGreaterThan(120);
  });

  it('gives every kind a different outline', () => {
    expect(new Set(LANDMARK_KINDS.map(silhouette)).size).toBe(LANDMARK_KINDS.length);
  });
});
