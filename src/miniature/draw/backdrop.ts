/** Draws the background of a scene (sky, clouds, hills, water, far houses) and people. */
import type { Stage } from '../stage.ts';
import { UNITS } from './canvas.ts';
import { type Colour, darker, lighter, varied } from './colour.ts';

const SKIES = [
  { label: 'blue sky', top: 0x5d9fdc, bottom: 0xcfe6f4, weight: 5 },
  { label: 'cloudy sky', top: 0x9fb3c4, bottom: 0xdfe6ea, weight: 3 },
  { label: 'overcast sky', top: 0xb8bfc5, bottom: 0xd8dbdd, weight: 2 },
  { label: 'sunset sky', top: 0x6f7fb4, bottom: 0xf3c39a, weight: 1 },
] as const;

/** Fills the frame with a sky whose gradient ends at `horizon`. The weather does not depend on the place. */
export function drawSky(stage: Stage, horizon = UNITS): void {
  const sky = stage.pick(SKIES.flatMap((kind) => Array.from({ length: kind.weight }, () => kind)));
  const brush = stage.element(sky.label);
  // Paint the sky beyond the frame, so that a moved camera does not show the sky's edge.
  brush.rect(-UNITS, -UNITS, UNITS * 3, UNITS + 1, sky.top);
  brush.rect(-UNITS, 0, UNITS * 3, Math.max(1, horizon), { top: sky.top, bottom: sky.bottom });
  brush.rect(-UNITS, horizon - 0.5, UNITS * 3, UNITS * 2, sky.bottom);
  if (sky.label === 'overcast sky') return;
  const cloud = sky.label === 'cloudy sky' ? 4 : stage.random.integer(3);
  for (let i = 0; i < cloud; i++) {
    const x = stage.between(0, UNITS);
    const y = stage.between(3, horizon * 0.5);
    const w = stage.between(6, 14);
    const paint = sky.label === 'sunset sky' ? 0xf5d4bc : 0xf5f8fa;
    brush.ellipse(x, y, w, w * 0.22, paint);
    brush.ellipse(x - w * 0.25, y - w * 0.14, w * 0.42, w * 0.22, paint);
    brush.ellipse(x + w * 0.25, y - w * 0.1, w * 0.36, w * 0.18, paint);
  }
}

/** Draws distant grey houses along a horizon, up to `tallest` units high. They look the same in every country. */
export function drawFarHouses(stage: Stage, ground: number, tallest: number): void {
  const brush = stage.element('distant building');
  for (let x = -6; x < UNITS + 6;) {
    const w = stage.between(4, 9);
    const h = stage.between(0.35, 1) * tallest;
    const paint = varied(0x9aa6b2, stage.random, 16);
    brush.rect(x, ground - h, w + 0.2, h, { top: paint, bottom: lighter(paint, 0.18) });
    for (let y = ground - h + 2; y < ground - 2; y += 2.6)
      for (let u = x + 1; u < x + w - 1; u += 2)
        if (stage.random.next() < 0.6) brush.rect(u, y, 1, 1.2, darker(paint, 0.3));
    x += w;
  }
}

/** Draws two ridges of hills across the frame; the nearer one is darker. */
export function drawHills(
  stage: Stage,
  options: { ground: number; height: number; paint: Colour; label: string; peaks?: boolean; snow?: boolean },
): void {
  const { ground, height, paint, label, peaks = false, snow = false } = options;
  const brush = stage.element(label);
  for (const layer of [0, 1]) {
    const base = layer === 0 ? lighter(paint, 0.25) : paint;
    const count = peaks ? 4 : 3;
    for (let i = 0; i < count; i++) {
      const x = ((i + stage.between(0.1, 0.9)) * UNITS) / count;
      const h = height * stage.between(0.6, 1) * (layer === 0 ? 1 : 0.62);
      const w = peaks ? h * stage.between(0.9, 1.3) : UNITS * 0.42;
      if (!peaks) brush.ellipse(x, ground, w, h, base);
      else {
        brush.polygon(
          [
            [x - w, ground],
            [x, ground - h],
            [x + w, ground],
          ],
          base,
        );
        brush.polygon(
          [
            [x, ground - h],
            [x + w, ground],
            [x + w * 0.2, ground],
          ],
          darker(base, 0.14),
        );
        if (snow)
          brush.polygon(
            [
              [x - w * 0.3, ground - h * 0.7],
              [x, ground - h],
              [x + w * 0.3, ground - h * 0.7],
              [x + w * 0.1, ground - h * 0.62],
              [x - w * 0.08, ground - h * 0.74],
            ],
            0xf5f8fb,
          );
      }
    }
  }
  brush.rect(-8, ground - height * 0.08, UNITS + 16, height * 0.09, darker(paint, 0.05));
}

export function drawWater(
  stage: Stage,
  { top, bottom, label = 'sea' }: { top: number; bottom: number; label?: string },
): void {
  const brush = stage.element(label);
  brush.rect(-8, top, UNITS + 16, bottom - top, { top: 0x7fb4d4, bottom: 0x2f74a4 });
  for (let i = 0; i < 9; i++) {
    const y = stage.between(top + 1, bottom - 1);
    brush.rect(stage.between(0, UNITS), y, stage.between(4, 12), 0.6, 0xb9d9ea);
  }
}

/** Draws a person, a few units high. The clothes do not depend on the place. */
export function drawPerson(
  stage: Stage,
  { x, ground, height: h }: { x: number; ground: number; height: number },
): void {
  const brush = stage.element('person');
  const coat = stage.pick([0x2f4a7a, 0x8a2f3a, 0x3c6a4a, 0x5a5a62, 0xc98a2a, 0x7a4a8a]);
  brush.rect(x - h * 0.1, ground - h * 0.45, h * 0.08, h * 0.45, 0x2c2f36);
  brush.rect(x + h * 0.02, ground - h * 0.45, h * 0.08, h * 0.45, 0x2c2f36);
  brush.polygon(
    [
      [x - h * 0.14, ground - h * 0.42],
      [x - h * 0.12, ground - h * 0.82],
      [x + h * 0.12, ground - h * 0.82],
      [x + h * 0.14, ground - h * 0.42],
    ],
    coat,
  );
  brush.ellipse(x, ground - h * 0.9, h * 0.09, h * 0.1, stage.pick([0x8a5a3c, 0xd9a886, 0xb98258, 0x5e3d2a]));
}
