/**
 * Makes sets with a chosen share of wrong reasonings. The photos come from the uncurated set. A reasoning is wrong if
 * its annotator named a city that is not the photo's city. Photos for which the annotator named no city are left out.
 * The photo's own place stays the truth, as in the paper's data. Annotators err on hard photos, so the photos with
 * wrong reasonings are also harder. The sets have no segmentation, so everything that a reasoning names counts as
 * visible, also for the grounding reward.
 */
import { join } from 'node:path';
import { invalidInput } from '../core/errors.ts';
import { random, shuffled } from '../core/random.ts';
import type { Gazetteer } from '../gazetteer/gazetteer.ts';
import { openDataset } from '../storage/dataset/read-dataset.ts';
import type { DatasetRow } from '../storage/dataset/row.ts';
import { createSplitWriter } from '../storage/dataset/write-dataset.ts';

export type ErrorSetOptions = {
  /** Path of the uncurated dataset. */
  readonly source: string;
  readonly images: number;
  /** Share of reasonings that name a wrong city, in [0, 1]. */
  readonly errorShare: number;
  readonly seed: number;
  readonly folder: string;
  readonly gazetteer: Pick<Gazetteer, 'match'>;
  readonly signal: AbortSignal;
};

/** Throws `invalid-input` when the source has too few right or too few wrong reasonings. */
export async function makeErrorSet(options: ErrorSetOptions): Promise<{ images: number; wrong: number }> {
  const { source, images, errorShare, seed, folder, gazetteer, signal } = options;
  const rows = { right: [] as DatasetRow[], wrong: [] as DatasetRow[] };
  for (const file of await openDataset(source)) {
    if (file.split !== 'train') continue;
    for await (const row of file.rows()) {
      signal.throwIfAborted();
      const kind = kindOf(row, gazetteer);
      if (kind !== undefined) rows[kind].push(row);
    }
  }
  const wrong = Math.round(errorShare * images);
  const chosen = [
    ...drawRows(rows.wrong, wrong, { seed, words: 'wrong reasonings', source }),
    ...drawRows(rows.right, images - wrong, { seed, words: 'right reasonings', source }),
  ];
  const writer = createSplitWriter({ folder: join(folder, 'data'), split: 'train' });
  for (const row of chosen) await writer.add(row);
  await writer.finish();
  return { images: chosen.length, wrong };
}

/** Returns whether the annotator's city is right, or undefined when the annotator named no city. */
function kindOf(
  { annotations = [], annotator, country, city }: DatasetRow,
  gazetteer: Pick<Gazetteer, 'match'>,
): 'right' | 'wrong' | undefined {
  const claim = annotations.find((annotation) => annotation.annotator === annotator);
  if (claim?.country === undefined || claim.city === undefined) return undefined;
  return gazetteer.match({ country: claim.country, city: claim.city }, { country, city }).city ? 'right' : 'wrong';
}

function drawRows(
  rows: readonly DatasetRow[],
  count: number,
  { seed, words, source }: { seed: number; words: string; source: string },
): DatasetRow[] {
  if (rows.length < count) {
    throw invalidInput(
      `${source} has ${rows.length} ${words}, but the training set needs ${count}.`,
      'Lower curation.images, or raise worlds.pool.scenes.',
    );
  }
  return shuffled(rows, random(seed)).slice(0, count);
}
