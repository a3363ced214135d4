/**
 * Reads who made a photo and under which licence, from EXIF and XMP. Cameras and photo editors write these fields only
 * if the user has set them.
 */
import ExifReader from 'exifreader';

export type PhotoCredit = { readonly owner?: string; readonly licence?: string };

type Tag = { readonly value?: unknown; readonly description?: unknown };
type Groups = Readonly<Record<string, Readonly<Record<string, Tag | undefined>> | undefined>>;

/**
 * Returns the artist (EXIF `Artist`, or XMP `dc:creator`) and the licence (XMP `cc:license`, or an
 * `xmpRights:WebStatement` that is an address of Creative Commons). Returns an empty object if the file states neither
 * or cannot be read.
 */
export function readPhotoCredit(bytes: Uint8Array): PhotoCredit {
  const { exif = {}, xmp = {} } = readGroups(bytes);
  const owner = textOf(exif['Artist']) ?? textOf(xmp['creator']);
  const statement = textOf(xmp['WebStatement']);
  const licence =
    textOf(xmp['license']) ?? (statement?.includes('creativecommons.org') === true ? statement : undefined);
  return { ...(owner !== undefined && { owner }), ...(licence !== undefined && { licence }) };
}

function readGroups(bytes: Uint8Array): Groups {
  try {
    const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return ExifReader.load(file, { expanded: true }) as unknown as Groups;
  } catch {
    return {}; // exifreader does not support this file format, so there is no metadata to report.
  }
}

/** Returns the description of a tag as one line; undefined if it is absent or empty. */
function textOf(tag: Tag | undefined): string | undefined {
  if (typeof tag?.description !== 'string') return undefined;
  const text = tag.description.replaceAll(/\s+/gu, ' ').trim();
  return text === '' ? undefined : text;
}
