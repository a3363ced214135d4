/**
 * Reads the files beside a photo: XMP sidecars of photo editors (position) and Google Takeout's JSON (position and
 * time). They only supply values that the photo's own metadata lacks.
 */
import { readFile } from 'node:fs/promises';
import { dirname, join, parse } from 'node:path';
import { defined } from '../core/defined.ts';
import type { PhotoMetadata } from './photo-metadata.ts';
import { readTakeout } from './takeout.ts';
import { xmpPosition } from './xmp-position.ts';

/** Maximum length of the name of a Takeout JSON file, not counting ".json". Takeout truncates longer names. */
const TAKEOUT_NAME_LENGTH = 46;

/** Adds the position from the first sidecar that has one. `own` is the metadata of the photo at `path`. */
export async function withSidecars(own: PhotoMetadata, path: string): Promise<PhotoMetadata> {
  if (own.coordinate !== undefined) return own;
  const rest: PhotoMetadata[] = [own];
  for (const name of xmpNames(path)) {
    const found = xmpPosition(await read(path, name), 'XMP sidecar');
    if (found.coordinate !== undefined) return located(own, { ...found, positionSource: 'XMP sidecar' });
    rest.push(found);
  }
  for (const name of takeoutNames(path)) {
    const { takenAt, ...found } = readTakeout(await read(path, name));
    const time = own.takenAt ?? takenAt;
    if (found.coordinate !== undefined) {
      return { ...found, positionSource: 'Google Takeout', ...defined({ takenAt: time }) };
    }
    rest.push({ ...found, ...defined({ takenAt: time }) });
  }
  // No sidecar has a position. For all other values, the photo's own metadata takes precedence, then earlier sidecars.
  return Object.assign({}, ...rest.toReversed()) as PhotoMetadata;
}

/** Combines the sidecar's position with the photo's own time. Drops any problem of the photo's own position. */
function located({ takenAt }: PhotoMetadata, position: PhotoMetadata): PhotoMetadata {
  return { ...position, ...defined({ takenAt }) };
}

/** Returns possible names of XMP sidecars: "photo.jpg.xmp" (darktable, digiKam) and "photo.xmp" (Lightroom, Bridge). */
function xmpNames(path: string): string[] {
  const { base, name } = parse(path);
  return [base, name].flatMap((stem) => [`${stem}.xmp`, `${stem}.XMP`]);
}

/**
 * Returns possible names of the Takeout file, in the old and new naming schemes. Takeout moves the number of a copy
 * ("a.jpg(1).json" for "a(1).jpg") and omits "-edited".
 */
function takeoutNames(path: string): string[] {
  const { name, ext } = parse(path);
  const original = name.replace(/-(?:edited|bearbeitet|modifié|editado)(?=\(\d+\)$|$)/, '');
  const [, stem = original, copy = ''] = /^(.*)(\(\d+\))$/.exec(original) ?? [];
  const bases = [`${stem}${ext}.supplemental-metadata`, `${stem}${ext}`, stem];
  return [
    ...bases.map((base) => `${base.slice(0, TAKEOUT_NAME_LENGTH)}${copy}.json`),
    ...(copy === '' ? [] : [`${original}${ext}.json`]),
  ];
}

/** Reads a file beside the photo. Returns an empty text if the file does not exist or cannot be read. */
async function read(path: string, name: string): Promise<string> {
  return readFile(join(dirname(path), name), 'utf8').catch(() => '');
}
