/**
 * Draws a PNG with many scenes in rows and columns, for people to look at. The scenes can be grouped by country,
 * setting or difficulty.
 */
import { join } from 'node:path';
import sharp from 'sharp';
import { invalidInput } from '../core/errors.ts';
import { random as seeded, shuffled } from '../core/random.ts';
import { FILES } from './layout.ts';
import type { SceneTruth } from './truth.ts';
import type { World } from './world.ts';

export type SheetOptions = {
  readonly scenes: number;
  readonly columns: number;
  /** Width and height of one scene on the sheet, in pixels. */
  readonly tile: number;
  /** The sheet groups scenes by this property. If possible, every group has the same number of scenes. */
  readonly by: 'country' | 'setting' | 'difficulty' | 'none';
  readonly seed: number;
  /** Only scenes that pass this filter are shown. */
  readonly where?: (scene: SceneTruth) => boolean;
};

/** Returns the sheet as PNG bytes. Throws `invalid-input` for sizes below 1, and when the filter removes all scenes. */
export async function contactSheet(world: World, options: SheetOptions): Promise<Uint8Array> {
  const { columns, tile } = options;
  for (const [name, value] of Object.entries({ scenes: options.scenes, columns, tile }))
    if (!Number.isInteger(value) || value < 1)
      throw invalidInput(`Invalid value for the sheet's ${name}: ${value}.`, 'Use a whole number, at least 1.');
  const chosen = choose(world.scenes.filter(options.where ?? (() => true)), options);
  if (chosen.length === 0)
    throw invalidInput(`The filters exclude all scenes of ${world.folder}.`, 'Use fewer filters.');
  const tiles = await Promise.all(
    chosen.map(async ({ id }, i) => ({
      // Nearest-neighbour scaling does not mix pixels, so the sheet shows exactly the pixels that a model gets.
      input: await sharp(join(world.folder, FILES.images, id))
        .resize(tile, tile, { kernel: 'nearest' })
        .png()
        .toBuffer(),
      left: (i % columns) * (tile + GAP),
      top: Math.floor(i / columns) * (tile + GAP),
    })),
  );
  const width = columns * (tile + GAP) - GAP;
  const height = Math.ceil(chosen.length / columns) * (tile + GAP) - GAP;
  return sharp({ create: { width, height, channels: 3, background: '#ffffff' } })
    .composite(tiles)
    .png({ palette: true, colours: 256, compressionLevel: 9 })
    .toBuffer();
}

const GAP = 2;

/** Takes one scene per group in every round, then sorts the scenes by group. */
function choose(scenes: readonly SceneTruth[], { scenes: count, by, seed }: SheetOptions): SceneTruth[] {
  const mixed = shuffled(scenes, seeded(seed));
  if (by === 'none') return mixed.slice(0, count);
  const groupOf = (scene: SceneTruth): string => scene[by];
  const groups = Map.groupBy(mixed, groupOf);
  const chosen: SceneTruth[] = [];
  for (let round = 0; chosen.length < Math.min(count, scenes.length); round++)
    for (const group of groups.values())
      if (group[round] !== undefined && chosen.length < count) chosen.push(group[round]!);
  const order = [...groups.keys()].sort();
  return chosen.sort((a, b) => order.indexOf(groupOf(a)) - order.indexOf(groupOf(b)));
}
