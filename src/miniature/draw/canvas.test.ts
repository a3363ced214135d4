import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCanvas, type Point, UNITS } from './canvas.ts';

const whole = { x: 0, y: 0, width: UNITS, height: UNITS };

function pixel(image: Uint8Array, pixels: number, x: number, y: number): number[] {
  return [...image.subarray((y * pixels + x) * 3, (y * pixels + x) * 3 + 3)];
}

describe('createCanvas', () => {
  it('paints a rectangle exactly: its colour, its share of the picture, its pixels in the segmentation', () => {
    const canvas = createCanvas({ pixels: 32 });
    canvas.brush().rect(0, 0, UNITS, UNITS, 0x000000);
    const red = canvas.brush();
    red.rect(0, 0, UNITS / 2, UNITS / 4, 0xff0000);
    expect(canvas.areas()[red.index]).toEqual({ visible: 1 / 8, painted: 1 / 8 });
    expect(pixel(canvas.image(), 32, 3, 3)).toEqual([255, 0, 0]);
    expect(pixel(canvas.image(), 32, 20, 3)).toEqual([0, 0, 0]);
    expect(canvas.segmentation().filter((element) => element === red.index)).toHaveLength(16 * 8);
  });

  it('tracks occlusion: the painted area stays, the visible area shrinks', () => {
    const canvas = createCanvas({ pixels: 32 });
    canvas.brush().rect(0, 0, UNITS, UNITS, 0xffffff);
    const under = canvas.brush();
    under.rect(0, 0, UNITS / 2, UNITS, 0x00ff00);
    canvas.brush().rect(0, 0, UNITS / 4, UNITS, 0x0000ff);
    expect(canvas.areas()[under.index]).toEqual({ visible: 1 / 4, painted: 1 / 2 });
  });

  it('tints visible things behind thin glass', () => {
    const canvas = createCanvas({ pixels: 32 });
    const back = canvas.brush();
    back.rect(0, 0, UNITS, UNITS, 0x000000);
    const glass = canvas.brush();
    glass.rect(0, 0, UNITS, UNITS, 0xffffff, 0.25);
    expect(canvas.areas().map(({ visible }) => visible)).toEqual([1, 0]);
    expect(pixel(canvas.image(), 32, 5, 5)).toEqual([64, 64, 64]);
  });

  it('assigns every sub-pixel to one element, so that visible shares sum to 1', () => {
    const point = fc.tuple(
      fc.double({ min: -40, max: 140, noNaN: true }),
      fc.double({ min: -40, max: 140, noNaN: true }),
    );
    const shape = fc.array(point, { minLength: 3, maxLength: 7 });
    fc.assert(
      fc.property(fc.array(shape, { maxLength: 6 }), (shapes) => {
        const canvas = createCanvas({ pixels: 16, zoom: 1.1, shift: [2, -1] });
        canvas.brush().rect(-UNITS, -UNITS, 3 * UNITS, 3 * UNITS, 0x808080);
        for (const points of shapes) canvas.brush().polygon(points, 0x123456);
        const areas = canvas.areas();
        expect(areas.reduce((sum, { visible }) => sum + visible, 0)).toBeCloseTo(1, 9);
        for (const { visible, painted } of areas) expect(visible).toBeLessThanOrEqual(painted + 1e-12);
      }),
      { numRuns: 40 },
    );
  });

  it('shows a whole frame inside a box and nothing outside it', () => {
    const canvas = createCanvas({ pixels: 32 });
    canvas.brush().rect(0, 0, UNITS, UNITS, 0x000000);
    const view = canvas.brush();
    canvas.inside({ x: 24, y: 24, width: 48, height: 48 }, () =>
      view.rect(-UNITS, -UNITS, 3 * UNITS, 3 * UNITS, 0xffffff),
    );
    expect(canvas.areas()[view.index]!.visible).toBe(1 / 4);
    const after = canvas.brush();
    after.rect(whole.x, whole.y, whole.width, whole.height, 0x00ff00);
    expect(canvas.areas()[after.index]!.visible).toBe(1);
  });

  it('moves with the camera', () => {
    const at = (shift: Point): number[] => {
      const canvas = createCanvas({ pixels: 32, shift });
      canvas.brush().rect(0, 0, UNITS, UNITS, 0x000000);
      canvas.brush().rect(0, 0, 3, UNITS, 0xffffff);
      return pixel(canvas.image(), 32, 1, 10);
    };
    expect(at([0, 0])).toEqual([0, 0, 0]);
    expect(at([3, 0])).toEqual([255, 255, 255]);
  });

  it('rejects a 257th element, which its map cannot represent', () => {
    const canvas = createCanvas({ pixels: 16 });
    for (let i = 0; i < 256; i++) canvas.brush();
    expect(() => canvas.brush()).toThrow(/at most 256/);
  });
});
