/**
 * The photos of a run as the dataset's assembly needs them: the owner of every photo, then all of the few photos that are
 * kept. A merge reads both from the table, so that it never holds all photos in memory.
 */
import { readOwners, readPhotos } from './read-photos.ts';
import type { Photo } from './photo.ts';

export type PhotoSource = {
  /** The owner of each photo by its id; an empty text if the owner is unknown. */
  owners(): Promise<ReadonlyMap<string, string>>;
  /** The photos with these ids, by id. */
  read(ids: (id: string) => boolean): Promise<ReadonlyMap<string, Photo>>;
};

/** A source that streams the table for each call. `input` is the table or its folder. */
export function tableSource(input: string): PhotoSource {
  return {
    owners: async () => readOwners(input),
    read: async (only) => byId(await readPhotos(input, { only })),
  };
}

/** A source of photos in memory. */
export function memorySource(photos: readonly Photo[]): PhotoSource {
  return {
    owners: async () => Promise.resolve(new Map(photos.map(({ id, owner = '' }) => [id, owner]))),
    read: async (only) => Promise.resolve(byId(photos.filter(({ id }) => only(id)))),
  };
}

const byId = (photos: readonly Photo[]): Map<string, Photo> => new Map(photos.map((photo) => [photo.id, photo]));
