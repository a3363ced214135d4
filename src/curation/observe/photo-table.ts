/**
 * Makes the table of photos that curation reads, from a user's photos. Positions come from EXIF, XMP, sidecars and
 * Google Takeout. Owner and licence are added if the files state them. The metadata is written only to the table and
 * never reaches a model.
 */
import { dirname, relative, resolve } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import { safeCell } from '../../core/csv-cell.ts';
import { orderedMap } from '../../core/ordered-map.ts';
import { GlobeError, invalidInput } from '../../core/errors.ts';
import { readPhotoCredit } from '../../image/photo-credit.ts';
import { readPhotoMetadata } from '../../image/photo-metadata.ts';
import { readImageFile } from '../../image/read-image-file.ts';
import { withSidecars } from '../../image/sidecar-metadata.ts';
import { findPhotos } from '../../locator/photo-inputs.ts';
import { writeOutputFile } from '../../storage/output-file.ts';

export type PhotoTableOptions = {
  readonly out: string;
  /** Owner and licence for photos whose files state none. */
  readonly owner?: string;
  readonly licence?: string;
  readonly signal: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
};

export type PhotoTableReport = {
  readonly photos: number;
  /** Photos that got no row, each with the reason. */
  readonly left: readonly { readonly path: string; readonly reason: string }[];
};

const COLUMNS = ['IMG_ID', 'LAT', 'LON', 'AUTHOR', 'licence', 'taken_at'] as const;
type Row = Readonly<Record<(typeof COLUMNS)[number], string | number>>;

const FILES_AT_A_TIME = 8;

/**
 * Writes a CSV table of the photos in files and folders. `IMG_ID` is the path of a photo relative to the table. Throws
 * `invalid-input` if no photo has a position, or if a photo is outside the table's folder.
 */
export async function writePhotoTable(
  args: readonly string[],
  { out, owner = '', licence = '', signal, onProgress }: PhotoTableOptions,
): Promise<PhotoTableReport> {
  const folder = dirname(resolve(out));
  const { photos } = await findPhotos(args, { allowUrl: false });
  const left: { path: string; reason: string }[] = [];
  const rows: Row[] = [];
  const read = async ({ name }: { name: string }) => ({
    name,
    ...(await rowOf(name, { folder, owner, licence, signal })),
  });
  let done = 0;
  for await (const { name, row, reason } of orderedMap(photos, read, { concurrency: FILES_AT_A_TIME })) {
    signal.throwIfAborted();
    onProgress?.(++done, photos.length);
    if (row === undefined) left.push({ path: name, reason });
    else rows.push(row);
  }
  if (rows.length === 0) {
    throw invalidInput(
      `None of ${photos.length} photos has a position. The first is ${left[0]!.path}: ${left[0]!.reason}.`,
      'Photos lose their position when they are sent by a messenger or edited. Use the original files, or write a table with the columns IMG_ID, LAT and LON.',
    );
  }
  await writeOutputFile(out, stringify(rows, { header: true, columns: [...COLUMNS] }));
  return { photos: rows.length, left };
}

type RowOptions = { folder: string; owner: string; licence: string; signal: AbortSignal };

async function rowOf(
  path: string,
  { folder, owner, licence, signal }: RowOptions,
): Promise<{ row: Row; reason?: never } | { row?: never; reason: string }> {
  const name = relative(folder, resolve(path));
  if (name.startsWith('..')) {
    throw invalidInput(
      `${path} is outside the folder of the table, ${folder}.`,
      'Write the table to the folder of the photos, or above it.',
    );
  }
  try {
    const bytes = await readImageFile(path, { signal });
    const { coordinate, takenAt = '', problem } = await withSidecars(await readPhotoMetadata(bytes), path);
    if (coordinate === undefined) return { reason: problem ?? 'no position in its metadata' };
    const credit = readPhotoCredit(bytes);
    return {
      row: {
        IMG_ID: name,
        LAT: coordinate.latitudeDegrees,
        LON: coordinate.longitudeDegrees,
        AUTHOR: safeCell(credit.owner ?? owner),
        licence: safeCell(credit.licence ?? licence),
        taken_at: takenAt,
      },
    };
  } catch (error) {
    if (!(error instanceof GlobeError)) throw error;
    return { reason: error.message };
  }
}
