/**
 * Merges the runs of all shards into one dataset. First checks that each shard occurs exactly once, that all shards
 * used the same recipe, and that each photo occurs in exactly one shard. Then continues in the same way as a run over
 * all photos.
 */
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { invalidInput } from '../../core/errors.ts';
import { createLineWriter } from '../../storage/line-file.ts';
import { openRun } from '../../storage/run-folder.ts';
import { assemble } from '../dataset/assemble.ts';
import { readManifest } from '../dataset/run-manifest.ts';
import type { Assembled } from '../dataset/assemble.ts';
import { decidingOptions } from './curate.ts';
import type { CurateOptions } from './curate.ts';
import type { Photo } from '../observe/photo.ts';
import { memorySource, tableSource } from '../observe/photo-source.ts';
import type { Recipe } from '../recipe/recipe.ts';
import { readResults, RESULTS_FILE } from '../judge/result.ts';
import type { Result } from '../judge/result.ts';
import { loadReviews } from '../dataset/review.ts';
import { WHOLE } from './shard.ts';

/** Number of results in each write. */
const BATCH = 500;

export type MergeOptions = Pick<CurateOptions, 'root' | 'name' | 'gazetteer' | 'grounder' | 'oracle' | 'signal'> & {
  /** The run folders of the shards, in any order. */
  readonly shards: readonly string[];
  /** Current path of the photo table or folder. The shards may have read the photos from another path. */
  readonly input: string;
  /** All photos. By default the table of `input` is streamed, which takes much less memory. */
  readonly photos?: readonly Photo[];
};

/**
 * Returns the recipe that all shards share. Throws `invalid-input` for missing shards, duplicate shards and different
 * recipes.
 */
export async function checkShards(
  folders: readonly string[],
): Promise<{ recipe: Recipe; input: string; pending: number }> {
  const manifests = await Promise.all(folders.map(async (folder) => ({ folder, ...(await readManifest(folder)) })));
  const [first] = manifests;
  if (first === undefined) throw invalidInput('The list of shards is empty.', 'Name the run folders of all shards.');
  const {
    shard: { count },
    ...firstOptions
  } = first.options;
  const byIndex = new Map<number, string>();
  for (const { folder, options, recipe } of manifests) {
    const { shard, ...common } = options;
    if (shard.count !== count) {
      throw invalidInput(
        `${first.folder} is one of ${count} shards, but ${folder} is one of ${shard.count}.`,
        'Name only shards with the same count.',
      );
    }
    const before = byIndex.get(shard.index);
    if (before !== undefined) {
      throw invalidInput(`${before} and ${folder} are both shard ${shard.index}/${count}.`, 'Name each shard once.');
    }
    byIndex.set(shard.index, folder);
    if (!isDeepStrictEqual([comparable(recipe), common], [comparable(first.recipe), firstOptions])) {
      throw invalidInput(
        `${folder} and ${first.folder} used different recipes or prompts.`,
        'Run all shards with the same recipe; finished answers are kept.',
      );
    }
  }
  const missing = Array.from({ length: count }, (_, i) => i + 1).filter((index) => !byIndex.has(index));
  if (missing.length > 0) {
    throw invalidInput(
      `Missing shards: ${missing.map((index) => `${index}/${count}`).join(', ')}.`,
      'Run the missing shards, and name all shards.',
    );
  }
  const pending = manifests.reduce((sum, manifest) => sum + manifest.pending, 0);
  return { recipe: first.recipe, input: first.input, pending };
}

/** Returns the recipe without the fields that may differ between machines: concurrency, prices and limits. */
function comparable(recipe: Recipe): unknown {
  return JSON.parse(
    JSON.stringify(recipe, (key, value: unknown) =>
      ['concurrency', 'price', 'maxCost', 'maxOutageMinutes'].includes(key) ? undefined : value,
    ),
  );
}

export async function mergeShards(options: MergeOptions): Promise<{ folder: string; assembled: Assembled }> {
  const { shards, root, name, photos, input } = options;
  const { recipe, pending } = await checkShards(shards);
  // The merged run has no log of observations, so `globe curate` must not resume it: it would repeat every request. The
  // option `command` prevents that.
  const deciding = { ...decidingOptions(recipe, WHOLE), command: 'curate merge' };
  await using run = await openRun({ root, name, options: deciding });
  const results = run.file(RESULTS_FILE);
  const source = photos === undefined ? tableSource(input) : memorySource(photos);
  const known = await source.owners();
  await mergeResults(shards, { known, results, pending });
  const decisions = await loadReviews([...shards, run.path]);
  const assembled = await assemble({ ...options, source, recipe, results, folder: run.path, decisions, pending });
  await run.complete({ input, recipe, photos: known.size, pending, shards, ...assembled });
  return { folder: run.path, assembled };
}

/** Writes all results to one file, sorted by id. Throws `invalid-input` for a duplicate, missing or unknown photo. */
async function mergeResults(
  shards: readonly string[],
  { known, results, pending }: { known: ReadonlyMap<string, string>; results: string; pending: number },
): Promise<void> {
  await using writer = await createLineWriter<Result>(results);
  let batch: Result[] = [];
  let count = 0;
  let last: string | undefined;
  for await (const result of inOrder(shards.map((folder) => readResults(join(folder, RESULTS_FILE))))) {
    if (result.id === last)
      throw invalidInput(
        `The photo ${result.id} is in two shards.`,
        'The table of photos changed between the runs of the shards: run all shards again with the current table.',
      );
    if (!known.has(result.id))
      throw invalidInput(`The photo ${result.id} is in a shard but not in the table of photos.`);
    last = result.id;
    count += 1;
    batch.push(result);
    if (batch.length === BATCH) {
      await writer.add(batch);
      batch = [];
    }
  }
  await writer.add(batch);
  if (count + pending !== known.size) {
    throw invalidInput(
      `The shards contain ${count} of ${known.size} photos (${pending} pending).`,
      'The table of photos changed between the runs of the shards: run all shards again with the current table.',
    );
  }
  await writer.finish();
}

/** Merges streams that are sorted by id into one sorted stream. */
async function* inOrder(streams: readonly AsyncGenerator<Result>[]): AsyncGenerator<Result> {
  const heads = await Promise.all(streams.map(async (stream) => stream.next()));
  for (;;) {
    let least: number | undefined;
    for (const [i, head] of heads.entries()) {
      if (head.done !== true && (least === undefined || head.value.id < (heads[least]!.value as Result).id)) least = i;
    }
    if (least === undefined) return;
    yield heads[least]!.value as Result;
    heads[least] = await streams[least]!.next();
  }
}
