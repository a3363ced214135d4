/** JPEG files whose EXIF has only a GPS directory, in the variants that cameras and programs write. */
import sharp from 'sharp';
import { picture, segment } from './photos.ts';

const ASCII = 2;
const SRATIONAL = 10;
const DOUBLE = 12;
export type Value = { readonly type: number; readonly values: string | readonly number[] };

export const ascii = (text: string): Value => ({ type: ASCII, values: `${text}\0` });
export const rationals = (...values: number[]): Value => ({ type: SRATIONAL, values });
export const doubles = (...values: number[]): Value => ({ type: DOUBLE, values });

/** Creates a JPEG whose EXIF contains only a GPS directory with these tags. Rationals have the denominator 1000. */
export async function photo(tags: Readonly<Record<number, Value>>): Promise<Buffer> {
  const entries = Object.entries(tags);
  const start = 8 + 2 + 12 + 4;
  const directory = Buffer.alloc(2 + 12 * entries.length + 4);
  directory.writeUInt16BE(entries.length);
  let data = Buffer.alloc(0);
  for (const [i, [tag, { type, values }]] of entries.entries()) {
    const bytes = encoded(type, values);
    const at = 2 + 12 * i;
    directory.writeUInt16BE(Number(tag), at);
    directory.writeUInt16BE(type, at + 2);
    directory.writeUInt32BE(values.length, at + 4);
    if (bytes.length <= 4) bytes.copy(directory, at + 8);
    else {
      directory.writeUInt32BE(start + directory.length + data.length, at + 8);
      data = Buffer.concat([data, bytes]);
    }
  }
  const head = Buffer.from('4d4d002a00000008000188250004000000010000000000000000', 'hex');
  head.writeUInt32BE(start, 18);
  const exif = segment(0xe1, Buffer.concat([Buffer.from('Exif\0\0'), head, directory, data]));
  return withSegment(exif);
}

async function withSegment(bytes: Buffer): Promise<Buffer> {
  const base = await sharp(await picture())
    .jpeg()
    .toBuffer();
  return Buffer.concat([base.subarray(0, 2), bytes, base.subarray(2)]);
}

function encoded(type: number, values: Value['values']): Buffer {
  if (typeof values === 'string') return Buffer.from(values, 'latin1');
  const bytes = Buffer.alloc(values.length * 8);
  for (const [i, value] of values.entries()) {
    if (type === DOUBLE) bytes.writeDoubleBE(value, 8 * i);
    else {
      bytes.writeInt32BE(Math.round(value * 1000), 8 * i);
      bytes.writeInt32BE(1000, 8 * i + 4);
    }
  }
  return bytes;
}
