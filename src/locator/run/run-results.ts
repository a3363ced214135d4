/** The results of a run, as the output formats take them. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { defined } from '../../core/defined.ts';
import type { LocatedPhoto } from '../locate-photos.ts';
import { readPhotoDecisions, withDecisions } from './decisions.ts';
import { readPhotoRun } from './run-files.ts';
import type { PhotoRun } from './run-files.ts';

/** Reads a run with the decisions of its review applied to the answers. Throws `not-found`. */
export async function readReviewedRun(name: string, options: { readonly runs: string }): Promise<PhotoRun> {
  return reviewed(await readPhotoRun(name, options));
}

/** Applies the decisions of a run's review to its answers. */
export async function reviewed(run: PhotoRun): Promise<PhotoRun> {
  return { ...run, records: withDecisions(run.records, await readPhotoDecisions(run.folder)) };
}

/** Returns the photos with a result, in the order of the run. Photos that were left out are not among them. */
export function photosOf({ records }: PhotoRun): LocatedPhoto[] {
  return records.flatMap(({ result, thumbnail }) =>
    result === undefined ? [] : [{ result, ...defined({ thumbnail }) }],
  );
}

/** Replaces the names of the small copies by their content, for a page in one file. */
export async function inlineThumbnails(folder: string, photos: readonly LocatedPhoto[]): Promise<LocatedPhoto[]> {
  return Promise.all(
    photos.map(async (photo) => {
      if (photo.thumbnail === undefined) return photo;
      const bytes = await readFile(join(folder, photo.thumbnail));
      return { ...photo, thumbnail: `data:image/jpeg;base64,${bytes.toString('base64')}` };
    }),
  );
}
