/**
 * Sets whose teachers err at a chosen rate: photos of the uncurated set of which an annotator named a city, so large a share of
 * them another than the photo's. The photo's own place stays the truth, as in the paper's data. With the wrong reasonings
 * come photos that mislead annotators; and since nothing is segmented there, what a reasoning names stands for what the photo
 * shows, also in the grounding reward.
 */
import { join } from 'node:path';
import { invalidInput } from '../core/errors.ts';
import { random, shuffled } from '../core/random.ts';
import type { Gazetteer } from '../gazetteer/gazetteer.ts';
import { openDataset } from '../storage/dataset/read-dataset.ts';
import type { DatasetRow } from '../storage/dataset/row.ts';
import { createSplitWriter } from '../storage/dataset/write-dataset.ts';

export type ErrorSetOptions = {
  /** A dataset that no gate has looked at. */
  readonly source: string;
  readonly images: number;
  /** Share of the reasonings that name another place, in [0, 1]. */
  readonly errorShare: number;
  readonly seed: number;
  readonly folder: string;
  readonly gazetteer: Pick<Gazetteer, 'match'>;
  readonly signal: AbortSignal;
};

/** Throws `invalid-input` where the source has too few of either kind. */
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
    ...drawn(rows.wrong, wrong, { seed, words: 'wrong reasonings', source }),
    ...drawn(rows.right, images - wrong, { seed, words: 'right reasonings', source }),
  ];
  const writer = createSplitWriter({ folder: join(folder, 'data'), split: 'train' });
  for (const row of chosen) await writer.add(row);
  await writer.finish();
  return { images: chosen.length, wrong };
}

/** Undefined where the annotator named no city: neither right nor wrong. */
function kindOf(
  { annotations = [], annotator, country, city }: DatasetRow,
  gazetteer: Pick<Gazetteer, 'match'>,
): 'right' | 'wrong' | undefined {
  const said = annotations.find((annotation) => annotation.annotator === annotator);
  if (said?.country === undefined || said.city === undefined) return undefined;
  return gazetteer.match({ country: said.country, city: said.city }, { country, city }).city ? 'right' : 'wrong';
}

function drawn(
  rows: readonly DatasetRow[],
  count: number,
  { seed, words, source }: { seed: number; words: string; source: string },
): DatasetRow[] {
  if (rows.length < count) {
    throw invalidInput(
      `${source} has ${rows.length} ${words}, and ${count} are wanted.`,
      'Ask for fewer images (curation.images), or draw more scenes (worlds.curation.scenes).',
    );
  }
  return shuffled(rows, random(seed)).slice(0, count);
}
