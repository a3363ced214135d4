/**
 * Prepares a dataset for publication: creates a folder with the Parquet files, the dataset card and the list of
 * licences, in the layout of the Hugging Face Hub. Uploads nothing. Rejects rows without a licence, because a photo
 * with an unknown licence may not be redistributed.
 */
import { copyFile, mkdir, readdir } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { invalidInput } from '../../core/errors.ts';
import { openDataset } from '../../storage/dataset/read-dataset.ts';
import type { DatasetFile } from '../../storage/dataset/read-dataset.ts';
import { makeFolder } from '../../storage/output-file.ts';
import { LICENSES_FILE } from './licences.ts';

export type PublishOptions = {
  /** Folder to write to. It must be new or empty. */
  readonly out: string;
  /** Also publishes rows whose licence is not stated. */
  readonly allowUnlicensed?: boolean;
  readonly signal: AbortSignal;
};

export type Published = { readonly rows: number; readonly unlicensed: number; readonly files: readonly string[] };

/** Files that are copied from the folder that contains `data/`. The card is required. */
const CARD = 'README.md';
const BESIDE = [CARD, LICENSES_FILE, 'test.csv'] as const;

/** Maximum number of ids in an error message. */
const LISTED_IDS = 3;

/**
 * Copies a curated dataset to a folder that can be uploaded. `path` is the folder of a run or of its dataset. Throws
 * `invalid-input` if a row has no licence, if the dataset has no card, or if the folder already has files.
 */
export async function publishDataset(
  path: string,
  { out, allowUnlicensed = false, signal }: PublishOptions,
): Promise<Published> {
  const files = await openDataset(path);
  const folder = dirname(dirname(files[0]!.path));
  if (!existsSync(join(folder, CARD))) {
    throw invalidInput(`${path} has no card (${CARD}).`, 'Use the folder of a run of `globe curate`.');
  }
  const { rows, unlicensed, ids } = await countLicences(files, signal);
  if (unlicensed > 0 && !allowUnlicensed) {
    throw invalidInput(
      `${unlicensed} of ${rows} rows state no licence: ${ids.join(', ')}${unlicensed > ids.length ? ', …' : ''}.`,
      'Add a column "licence" to the table of photos and run `globe curate` again (it sends no request), or add --allow-unlicensed if you have the rights to all photos.',
    );
  }
  await makeFolder(resolve(out));
  if ((await readdir(out)).length > 0) {
    throw invalidInput(`${out} is not empty.`, 'Choose a new folder for --out.');
  }
  await mkdir(join(out, 'data'));
  const sources = [
    ...BESIDE.filter((name) => existsSync(join(folder, name))).map((name) => join(folder, name)),
    ...files.map((file) => file.path),
  ];
  const names = sources.map((source) => relative(folder, source));
  for (const [i, source] of sources.entries()) {
    signal.throwIfAborted();
    await copyFile(source, join(out, names[i]!));
  }
  return { rows, unlicensed, files: names };
}

async function countLicences(
  files: readonly DatasetFile[],
  signal: AbortSignal,
): Promise<{ rows: number; unlicensed: number; ids: readonly string[] }> {
  const ids: string[] = [];
  let [rows, unlicensed] = [0, 0];
  for (const file of files) {
    for await (const { id, licence = '' } of file.rows({ columns: ['IMG_ID', 'licence'] })) {
      signal.throwIfAborted();
      rows += 1;
      if (licence.trim() !== '') continue;
      unlicensed += 1;
      if (ids.length < LISTED_IDS) ids.push(id ?? `row ${rows}`);
    }
  }
  return { rows, unlicensed, ids };
}
