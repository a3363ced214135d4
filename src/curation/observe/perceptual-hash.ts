/**
 * A 256-bit difference hash. Each bit says whether a cell of a 17 × 16 grid is darker than its right neighbour.
 * Re-encoding, resizing and small changes in brightness flip few bits, whereas a different picture flips about half of
 * them. A crop or a border shifts the grid and flips many, so the hashes of nine crops of the picture go with it: the
 * whole of a cropped copy resembles a crop of the original, and a crop of a framed copy resembles the whole original.
 */
import sharp from 'sharp';

const SIDE = 16;
const COLUMNS = SIDE + 1;
export const HASH_BITS = SIDE * SIDE;
const HASH_BYTES = HASH_BITS / 8;

/** Side of the grey thumbnail from which all grids are computed. */
const THUMBNAIL = 64;

/** A rectangle, as shares of the width and height. */
type Area = { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number };

const WHOLE: Area = { left: 0, top: 0, right: 1, bottom: 1 };

/** Shares that the central crops keep, and the share that a crop of one side removes. Our choice, by the measured recall. */
const CENTRAL_CROPS = [0.96, 0.92, 0.88, 0.84, 0.8] as const;
const SIDE_CROP = 0.1;

const CROPS: readonly Area[] = [
  WHOLE,
  ...CENTRAL_CROPS.map((share) => {
    const margin = (1 - share) / 2;
    return { left: margin, top: margin, right: 1 - margin, bottom: 1 - margin };
  }),
  { ...WHOLE, left: SIDE_CROP },
  { ...WHOLE, top: SIDE_CROP },
  { ...WHOLE, right: 1 - SIDE_CROP },
  { ...WHOLE, bottom: 1 - SIDE_CROP },
];

/** Number of hashes in `crops`. */
export const CROP_COUNT = CROPS.length;

export type PerceptualHashes = {
  /** The hash of the whole picture, as 64 hexadecimal digits. */
  readonly hash: string;
  /**
   * Ten hashes, one after the other, in base64: of the whole picture and of nine crops. They are computed in one way, by
   * averages over the cells, so that they can be compared; `hash` has another filter, which older runs recorded.
   */
  readonly crops: string;
};

export async function perceptualHashes(bytes: Uint8Array): Promise<PerceptualHashes> {
  const hash = await perceptualHash(bytes);
  const grey = await sharp(bytes).greyscale().resize(THUMBNAIL, THUMBNAIL, { fit: 'fill' }).raw().toBuffer();
  const crops = Buffer.concat(CROPS.map((area) => hashBytes(gridOf(grey, area))));
  return { hash, crops: crops.toString('base64') };
}

/** Returns the hash of the whole picture, as 64 hexadecimal digits. */
export async function perceptualHash(bytes: Uint8Array): Promise<string> {
  const grid = await sharp(bytes).greyscale().resize(COLUMNS, SIDE, { fit: 'fill' }).raw().toBuffer();
  return Buffer.from(hashBytes(grid)).toString('hex');
}

/** Sets a bit for each cell of a 17 × 16 grid that is darker than its right neighbour. */
function hashBytes(grid: ArrayLike<number>): Uint8Array {
  const hash = new Uint8Array(HASH_BYTES);
  for (let bit = 0; bit < HASH_BITS; bit++) {
    const at = Math.floor(bit / SIDE) * COLUMNS + (bit % SIDE);
    if (grid[at]! < grid[at + 1]!) hash[bit >> 3]! |= 1 << (bit & 7);
  }
  return hash;
}

/** Averages the thumbnail over each cell of a 17 × 16 grid on the area. Pixels on a cell's edge count in part. */
function gridOf(grey: Uint8Array, { left, top, right, bottom }: Area): Float64Array {
  const grid = new Float64Array(COLUMNS * SIDE);
  const across = spansOf({ from: left, to: right, cells: COLUMNS });
  for (const [row, ys] of spansOf({ from: top, to: bottom, cells: SIDE }).entries()) {
    for (const [column, xs] of across.entries()) {
      let [sum, weight] = [0, 0];
      for (const y of ys) {
        for (const x of xs) {
          sum += grey[y.at * THUMBNAIL + x.at]! * x.weight * y.weight;
          weight += x.weight * y.weight;
        }
      }
      // Rounded, so that cells of a flat area are equal instead of differing by noise.
      grid[row * COLUMNS + column] = Math.round(sum / weight);
    }
  }
  return grid;
}

type Weighted = { readonly at: number; readonly weight: number };

/** The thumbnail's pixels that each cell covers, with the share of the pixel that is inside. */
function spansOf({ from, to, cells }: { from: number; to: number; cells: number }): Weighted[][] {
  return Array.from({ length: cells }, (_, cell) => {
    const start = THUMBNAIL * (from + ((to - from) * cell) / cells);
    const end = THUMBNAIL * (from + ((to - from) * (cell + 1)) / cells);
    const pixels: Weighted[] = [];
    for (let at = Math.floor(start); at < Math.min(Math.ceil(end), THUMBNAIL); at++) {
      pixels.push({ at, weight: Math.min(end, at + 1) - Math.max(start, at) });
    }
    return pixels;
  });
}

/** Splits a hash into eight 32-bit words, for fast comparison. */
export function hashWords(hash: string): Int32Array {
  const bytes = Uint8Array.from(Buffer.from(hash, 'hex'));
  return new Int32Array(bytes.buffer);
}

/** Returns the words of the hashes of the crops, eight for each. */
export function cropWords(crops: string): Int32Array {
  const bytes = Uint8Array.from(Buffer.from(crops, 'base64'));
  return new Int32Array(bytes.buffer);
}

/** Counts the bits in which two hashes differ. */
export function hashDistance(a: Int32Array, b: Int32Array): number {
  let distance = 0;
  for (let i = 0; i < a.length; i++) distance += bitCount(a[i]! ^ b[i]!);
  return distance;
}

/** Counts the bits of a 32-bit word that are 1. */
export function bitCount(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
