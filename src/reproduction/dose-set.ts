/**
 * Makes training sets with a chosen share of errors (a dose) from a curated set. All sets have the same photos. A dose
 * of `reasonings` replaces reasoning texts by texts about photos of other countries, and leaves the true places
 * unchanged. A dose of `places` replaces the places by places in other countries, and leaves the reasoning texts
 * unchanged. A larger dose contains the errors of a smaller one.
 */
import { join } from 'node:path';
import { invalidInput } from '../core/errors.ts';
import { random, seedFrom, shuffled } from '../core/random.ts';
import { openDataset } from '../storage/dataset/read-dataset.ts';
import type { DatasetRow } from '../storage/dataset/row.ts';
import { createSplitWriter } from '../storage/dataset/write-dataset.ts';

export const DOSE_KINDS = ['reasonings', 'places'] as const;
export type Dose = {
  readonly kind: (typeof DOSE_KINDS)[number];
  /** Share of the rows with an error, in [0, 1]. */
  readonly share: number;
};

export type DoseSetOptions = {
  /** Path of the curated dataset that the sets are made from. */
  readonly source: string;
  /** Number of photos. `imageSeed` selects them in the same way as a training selects its photos. */
  readonly images: number;
  readonly imageSeed: number;
  readonly dose: Dose;
  readonly folder: string;
  readonly signal: AbortSignal;
};

/** Throws `invalid-input` if the source has too few photos, or only photos of one country. */
export async function makeDoseSet(options: DoseSetOptions): Promise<{ images: number; wrong: number }> {
  const { source, images, imageSeed, dose, folder, signal } = options;
  const rows: DatasetRow[] = [];
  for (const file of await openDataset(source)) {
    if (file.split !== 'train') continue;
    for await (const row of file.rows()) {
      signal.throwIfAborted();
      rows.push(row);
    }
  }
  if (rows.length < images) {
    throw invalidInput(
      `${source} has ${rows.length} photos, but the training set needs ${images}.`,
      'Lower curation.images, or raise worlds.pool.scenes.',
    );
  }
  const chosen = shuffled(rows, random(imageSeed)).slice(0, images);
  const wrong = new Set(
    shuffled([...chosen.keys()], random(seedFrom(`${imageSeed}/${dose.kind}`))).slice(
      0,
      Math.round(dose.share * images),
    ),
  );
  const writer = createSplitWriter({ folder: join(folder, 'data'), split: 'train' });
  for (const [i, row] of chosen.entries()) {
    await writer.add(wrong.has(i) ? withError(row, otherRow(chosen, i, imageSeed), dose.kind) : row);
  }
  await writer.finish();
  return { images: chosen.length, wrong: wrong.size };
}

/** Returns a row of another country. The same row and seed give the same result. */
function otherRow(rows: readonly DatasetRow[], i: number, seed: number): DatasetRow {
  const { country } = rows[i]!;
  const others = rows.filter((row) => row.country !== country);
  if (others.length === 0) {
    throw invalidInput(
      'All photos of the set show one country, so no error can be drawn from another.',
      'Use a larger pool.',
    );
  }
  return others[random(seedFrom(`${seed}/other/${i}`)).integer(others.length)]!;
}

function withError(row: DatasetRow, other: DatasetRow, kind: Dose['kind']): DatasetRow {
  if (kind === 'reasonings') return { ...row, response: other.response, entities: other.entities };
  const { coordinate: _, ...rest } = row;
  const { country, city, coordinate } = other;
  return { ...rest, country, city, ...(coordinate && { coordinate }) };
}
