/** Many scenes on one page, to be looked at: a PNG of rows and columns, by country or by setting. */
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
  /** What neighbours share: each group gets the same number of scenes. */
  readonly by: 'country' | 'setting' | 'difficulty' | 'none';
  readonly seed: number;
  /** Only scenes for which it holds. */
  readonly where?: (scene: SceneTruth) => boolean;
};

/** The sheet as PNG bytes. Throws `invalid-input` for sizes below 1, and when no scene is left to show. */
export async function contactSheet(world: World, options: SheetOptions): Promise<Uint8Array> {
  const { columns, tile } = options;
  for (const [name, value] of Object.entries({ scenes: options.scenes, columns, tile }))
    if (!Number.isInteger(value) || value < 1)
      throw invalidInput(`A sheet cannot have ${value} as its ${name}.`, 'Give whole numbers from 1.');
  const chosen = choose(world.scenes.filter(options.where ?? (() => true)), options);
  if (chosen.length === 0) throw invalidInput(`${world.folder} has no such scenes.`);
  const tiles = await Promise.all(
    chosen.map(async ({ id }, i) => ({
      // Nearest neighbour: the sheet shows the pixels as a model gets them.
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

/** Rounds over the groups, one scene of each a round, then sorted so that groups stand together. */
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
