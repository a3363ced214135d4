/**
 * Position and time from the files beside a photo: XMP sidecars of photo editors, and the JSON of Google Takeout. They
 * count only for what the photo itself does not say.
 */
import { readFile } from 'node:fs/promises';
import { dirname, join, parse } from 'node:path';
import { defined } from '../core/defined.ts';
import type { PhotoMetadata } from './photo-metadata.ts';
import { readTakeout } from './takeout.ts';
import { xmpPosition } from './xmp-position.ts';

/** Takeout cuts the names of its JSON files at this length, without ".json". */
const TAKEOUT_NAME_LENGTH = 46;

/** Completes a photo's metadata from the first sidecar with a position. `path` is the photo's. */
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
  // What the photo says itself wins, then the sidecars in their order.
  return Object.assign({}, ...rest.toReversed()) as PhotoMetadata;
}

/** A position settles the problem of another source, and keeps the time of the photo. */
function located({ takenAt }: PhotoMetadata, position: PhotoMetadata): PhotoMetadata {
  return { ...position, ...defined({ takenAt }) };
}

/** "photo.jpg.xmp" (darktable, digiKam) and "photo.xmp" (Lightroom, Bridge). */
function xmpNames(path: string): string[] {
  const { base, name } = parse(path);
  return [base, name].flatMap((stem) => [`${stem}.xmp`, `${stem}.XMP`]);
}

/** Takeout's names over the years; it moves the number of a copy, and keeps one file for a photo and its edited copy. */
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

/** The text of a file beside the photo; empty where there is none, or it cannot be read. */
async function read(path: string, name: string): Promise<string> {
  return readFile(join(dirname(path), name), 'utf8').catch(() => '');
}
