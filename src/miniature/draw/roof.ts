/** Draws the roof over a facade (wall.ts); styles differ in shape and colour. */
import type { RoofStyle } from '../facts/country.ts';
import type { Brush, Paint, Point } from './canvas.ts';
import { type Colour, darker, lighter } from './colour.ts';
import type { Facade } from './wall.ts';

const ROOF_COLOURS: Readonly<Record<RoofStyle, Colour>> = {
  slate: 0x4c535c,
  terracotta: 0xc8683c,
  'red tiled': 0xa83a2a,
  mansard: 0x7d8894,
  'stepped gable': 0x7a3b2c,
  flat: 0x9b978d,
  shingle: 0x6a5f58,
  metal: 0x9aa6ad,
  'red metal': 0xc2332b,
  'green metal': 0x4f8a6a,
  'curved tiled': 0x5a6468,
  'blue tiled': 0x34507f,
  thatched: 0xa9873f,
  'pointed temple': 0xd8632a,
};

/** Draws a roof and returns its height above the wall, so that callers can draw on top of it. */
export function drawRoof(brush: Brush, { map, width, height }: Facade, style: RoofStyle): number {
  const colour = ROOF_COLOURS[style];
  const shape = (points: readonly Point[], paint: Paint = colour): void =>
    brush.polygon(
      points.map(([u, v]) => map(u * width, height + v)),
      paint,
    );
  const high = Math.min(9, Math.max(5, width * 0.4));
  const ribs = (count: number, top: number): void => {
    for (let i = 1; i < count; i++) {
      const u = i / count;
      shape(
        [
          [u, 0.3],
          [u + 0.02, 0.3],
          [0.5 + (u - 0.5) * 0.8 + 0.02, top],
          [0.5 + (u - 0.5) * 0.8, top],
        ],
        darker(colour, 0.22),
      );
    }
  };
  switch (style) {
    case 'slate':
    case 'terracotta':
    case 'red tiled':
    case 'shingle':
    case 'metal':
    case 'red metal':
    case 'green metal':
    case 'blue tiled':
      shape([
        [-0.06, 0],
        [1.06, 0],
        [0.9, high],
        [0.1, high],
      ]);
      ribs(style.includes('metal') ? 5 : 9, high);
      shape(
        [
          [-0.06, 0],
          [1.06, 0],
          [1.06, 0.9],
          [-0.06, 0.9],
        ],
        darker(colour, 0.3),
      );
      return high;
    case 'mansard':
      shape([
        [-0.02, 0],
        [1.02, 0],
        [0.94, high],
        [0.06, high],
      ]);
      for (const u of [0.22, 0.5, 0.78])
        shape(
          [
            [u - 0.06, 1],
            [u + 0.06, 1],
            [u + 0.06, high - 2],
            [u, high - 1],
            [u - 0.06, high - 2],
          ],
          0xe8e2d2,
        );
      return high;
    case 'stepped gable':
      for (let i = 0; i < 4; i++)
        shape(
          [
            [0.12 * i, i * 2.2],
            [1 - 0.12 * i, i * 2.2],
            [1 - 0.12 * i, (i + 1) * 2.2],
            [0.12 * i, (i + 1) * 2.2],
          ],
          i % 2 === 0 ? colour : lighter(colour, 0.1),
        );
      return 8.8;
    case 'flat':
      shape(
        [
          [-0.03, 0],
          [1.03, 0],
          [1.03, 1.5],
          [-0.03, 1.5],
        ],
        darker(colour, 0.15),
      );
      shape(
        [
          [0.62, 1.5],
          [0.8, 1.5],
          [0.8, 4.2],
          [0.62, 4.2],
        ],
        0xd9d9d4,
      );
      return 1.5;
    case 'curved tiled':
      shape([
        [-0.18, 3.4],
        [-0.08, 0],
        [1.08, 0],
        [1.18, 3.4],
        [1, 2],
        [0.86, high],
        [0.14, high],
        [0, 2],
      ]);
      ribs(8, high);
      return high;
    case 'pointed temple':
      shape([
        [-0.12, 0],
        [1.12, 0],
        [0.5, high * 1.9],
      ]);
      shape(
        [
          [-0.12, 0],
          [1.12, 0],
          [1.02, 1.4],
          [-0.02, 1.4],
        ],
        0x2f8a4a,
      );
      shape(
        [
          [0.47, high * 1.6],
          [0.53, high * 1.6],
          [0.5, high * 2.4],
        ],
        0xe7c14a,
      );
      return high * 2;
    case 'thatched':
      shape([
        [-0.16, -2],
        [1.16, -2],
        [0.92, high * 0.7],
        [0.7, high * 1.1],
        [0.3, high * 1.1],
        [0.08, high * 0.7],
      ]);
      ribs(12, high);
      return high;
    default:
      return style satisfies never;
  }
}
