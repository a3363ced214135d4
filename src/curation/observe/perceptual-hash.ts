/**
 * A 256-bit difference hash. Each bit is 1 if a pixel of a 17 × 16 grey thumbnail is darker than its right neighbour.
 * Re-encoding, resizing and small changes in brightness flip few bits, whereas a different picture flips about half of
 * them.
 */
import sharp from 'sharp';

const SIDE = 16;
export const HASH_BITS = SIDE * SIDE;

/** Returns the hash as 64 hexadecimal digits. */
export async function perceptualHash(bytes: Uint8Array): Promise<string> {
  const width = SIDE + 1;
  const grey = await sharp(bytes).greyscale().resize(width, SIDE, { fit: 'fill' }).raw().toBuffer();
  const hash = new Uint8Array(HASH_BITS / 8);
  for (let bit = 0; bit < HASH_BITS; bit++) {
    const at = Math.floor(bit / SIDE) * width + (bit % SIDE);
    if (grey[at]! < grey[at + 1]!) hash[bit >> 3]! |= 1 << (bit & 7);
  }
  return Buffer.from(hash).toString('hex');
}

/** Splits a hash into eight 32-bit words, for fast comparison. */
export function hashWords(hash: string): Int32Array {
  const bytes = Uint8Array.from(Buffer.from(hash, 'hex'));
  return new Int32Array(bytes.buffer);
}

/** Counts the bits in which two hashes differ. */
export function hashDistance(a: Int32Array, b: Int32Array): number {
  let distance = 0;
  for (let i = 0; i < a.length; i++) distance += bitCount(a[i]! ^ b[i]!);
  return distance;
}

function bitCount(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
