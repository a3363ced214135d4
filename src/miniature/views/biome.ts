/** Draws the land below the horizon. Each biome has its own ground, far shapes and element labels. */
import { drawHills, drawWater } from '../draw/backdrop.ts';
import { UNITS } from '../draw/canvas.ts';
import { lighter, varied } from '../draw/colour.ts';
import type { Biome } from '../facts/country.ts';
import type { Stage } from '../stage.ts';

/** Draws land that looks the same in every place. */
function drawPlainLand(stage: Stage, horizon: number): void {
  drawHills(stage, { ground: horizon, height: 9, paint: 0x8aa07a, label: 'hill' });
  stage.element('grass').rect(-8, horizon, UNITS + 16, UNITS, { top: 0x96b070, bottom: 0x7a9a58 });
}

/** The label of a biome's ground. */
export const biomeName = (biome: Biome): string =>
  ({ alpine: 'alpine meadow', desert: 'sand desert', fjord: 'fjord shore' })[biome as string] ?? biome;

/** Draws one of the place's biomes below the horizon. If the plan shows no biome, draws plain land. */
export function drawBiome(stage: Stage, horizon: number): void {
  const source = stage.source('biome');
  if (source === undefined) return drawPlainLand(stage, horizon);
  const biome = stage.pick(source.country.biomes);
  const brush = stage.element(biomeName(biome), { kind: 'biome', value: biome, misleading: source.misleading });
  const ground = (top: number, bottom: number): void =>
    brush.rect(-8, horizon, UNITS + 16, UNITS - horizon + 8, { top: varied(top, stage.random, 6), bottom });
  const rows = (paint: number, step: number, thickness: number): void => {
    for (let y = horizon + 2; y < UNITS; y += step + (y - horizon) * 0.12)
      brush.line(
        [
          [-8, y + stage.between(-0.6, 0.6)],
          [48, y + stage.between(0, 2)],
          [UNITS + 8, y],
        ],
        thickness + (y - horizon) * 0.03,
        paint,
      );
  };
  const tufts = (paint: number, count: number, size: number): void => {
    for (let i = 0; i < count; i++) {
      const y = stage.between(horizon + 4, UNITS);
      const s = size * (0.4 + (y - horizon) / 50);
      brush.ellipse(stage.between(0, UNITS), y, s, s * 0.45, paint);
    }
  };
  const dunes = (paint: number): void => {
    for (const [x, y, w] of [
      [20, 4, 40],
      [76, 7, 46],
      [44, 16, 60],
    ] as const) {
      brush.ellipse(x, horizon + y, w, 9, lighter(paint, 0.12));
      brush.ellipse(x + 8, horizon + y + 3, w, 9, paint);
    }
  };
  switch (biome) {
    case 'beach':
      drawWater(stage, { top: horizon, bottom: horizon + 20 });
      brush.polygon(
        [
          [-8, horizon + 22],
          [30, horizon + 16],
          [UNITS + 8, horizon + 12],
          [UNITS + 8, UNITS + 8],
          [-8, UNITS + 8],
        ],
        { top: 0xf0deb0, bottom: 0xe2c98c },
      );
      return;
    case 'desert':
      ground(0xe6c58a, 0xd5ab68);
      return dunes(0xdcb676);
    case 'red desert':
      drawHills(stage, { ground: horizon, height: 8, paint: 0xb0583a, label: 'mesa' });
      ground(0xc9683e, 0xb2532d);
      brush.rect(58, horizon - 15, 26, 15, 0xb5552f);
      brush.rect(62, horizon - 19, 18, 5, 0xc0653c);
      return tufts(0x8f9a5a, 12, 3);
    case 'savanna':
      ground(0xd9bd6a, 0xc09c48);
      return tufts(0xa98b3e, 16, 4);
    case 'steppe':
      drawHills(stage, { ground: horizon, height: 6, paint: 0xb0a66e, label: 'hill' });
      ground(0xc7bc78, 0xafa05a);
      return rows(0xbbb070, 4, 0.6);
    case 'meadow':
      drawHills(stage, { ground: horizon, height: 8, paint: 0x6f9f52, label: 'hill' });
      ground(0x86bf58, 0x5f9a3e);
      return tufts(0xf2e25a, 14, 1.2);
    case 'taiga':
      for (let x = -4; x < UNITS + 6; x += 5) {
        const h = stage.between(12, 20);
        brush.polygon(
          [
            [x - 4, horizon + 2],
            [x, horizon - h],
            [x + 4, horizon + 2],
          ],
          varied(0x24503a, stage.random, 10),
        );
      }
      ground(0x6f8a5a, 0x55713f);
      return tufts(0x8a9a70, 10, 4);
    case 'alpine':
      drawHills(stage, {
        ground: horizon,
        height: 34,
        paint: 0x7b8798,
        label: 'snowy mountain',
        peaks: true,
        snow: true,
      });
      ground(0x7fae5c, 0x5f9444);
      return tufts(0xe9e9e2, 6, 3);
    case 'fjord':
      drawWater(stage, { top: horizon - 2, bottom: UNITS + 8, label: 'fjord water' });
      for (const side of [-1, 1]) {
        const x = side < 0 ? -8 : UNITS + 8;
        brush.polygon(
          [
            [x, horizon - 34],
            [x - side * 20, horizon - 26],
            [x - side * 48, horizon + 6],
            [x - side * 44, horizon + 14],
            [x, UNITS - 14],
          ],
          side < 0 ? 0x5d7263 : 0x6b8071,
        );
        brush.polygon(
          [
            [x, horizon - 34],
            [x - side * 20, horizon - 26],
            [x - side * 26, horizon - 18],
            [x, horizon - 22],
          ],
          0xf0f4f6,
        );
      }
      return;
    case 'rainforest':
      for (let i = 0; i < 26; i++)
        brush.ellipse(
          stage.between(-4, UNITS + 4),
          horizon - stage.between(-2, 16),
          stage.between(7, 12),
          stage.between(5, 9),
          varied(0x2c6b3a, stage.random, 20),
        );
      ground(0x356f38, 0x2a5a2c);
      return tufts(0x4d8f48, 22, 6);
    case 'rice terrace':
      ground(0x86b65a, 0x5f9c4a);
      for (let i = 0; i < 6; i++) {
        const y = horizon + 3 + i * 7;
        brush.ellipse(48 + (i % 2 === 0 ? -12 : 12), y + 6, 64, 5.5, i % 2 === 0 ? 0xa9c9d8 : 0x7db45a);
        brush.ellipse(48 + (i % 2 === 0 ? -12 : 12), y + 7.4, 64, 5.5, i % 2 === 0 ? 0x6fa84e : 0x5f9a46);
      }
      return;
    case 'vineyard':
      ground(0xc2a878, 0xa88a58);
      for (let i = -6; i <= 6; i++)
        brush.line(
          [
            [48 + i * 4, horizon + 1],
            [48 + i * 22, UNITS + 6],
          ],
          3.2,
          i % 2 === 0 ? 0x5f8a3e : 0x6f9a48,
        );
      return;
    case 'tea plantation':
      drawHills(stage, { ground: horizon, height: 14, paint: 0x4f8a4a, label: 'hill' });
      ground(0x5fa04a, 0x3f7f36);
      return rows(0x2f6a2e, 3.4, 1.4);
    case 'tulip field':
      ground(0x6f9a4a, 0x5a8a3c);
      for (let i = -7; i <= 7; i++)
        brush.polygon(
          [
            [48 + i * 5, horizon + 1],
            [48 + i * 5 + 3.4, horizon + 1],
            [48 + i * 24 + 16, UNITS + 6],
            [48 + i * 24, UNITS + 6],
          ],
          [0xd8282e, 0xf2c21e, 0xe06aa8, 0x8a3a9a][(i + 8) % 4]!,
        );
      return;
    case 'volcano':
      brush.polygon(
        [
          [6, horizon],
          [40, horizon - 34],
          [52, horizon - 34],
          [92, horizon],
        ],
        0x5f5a66,
      );
      brush.polygon(
        [
          [36, horizon - 30],
          [40, horizon - 34],
          [52, horizon - 34],
          [57, horizon - 30],
          [50, horizon - 26],
          [44, horizon - 29],
        ],
        0xf2f3f5,
      );
      brush.ellipse(48, horizon - 40, 8, 4, 0xe2e2e4);
      ground(0x7a8a5a, 0x5f6f42);
      return tufts(0x55506a, 8, 4);
    case 'lava field':
      drawHills(stage, { ground: horizon, height: 10, paint: 0x5a5f6a, label: 'mountain', peaks: true, snow: true });
      ground(0x3f4044, 0x2e2f33);
      return tufts(0x7f9a4e, 18, 5);
    default:
      return biome satisfies never;
  }
}
