/** Measures how much an image shows: its contrast, and the share of its pixels that have the same shade. */
import sharp from 'sharp';

/** Side of the thumbnail on which both values are measured, in pixels. */
const SIDE = 128;
const SHADES = 256;
/** Grey values that differ by at most this number count as the same shade. */
const SAME_SHADE = 3;

export type Shades = {
  /** Standard deviation of the grey values, between 0 and 127.5. */
  readonly contrast: number;
  /** Share of the pixels whose grey value is within SAME_SHADE of the most frequent grey value. */
  readonly flatShare: number;
};

/**
 * Measures the grey values of an image. The thumbnail consists of single pixels of the image instead of averages.
 * Averaging would turn the white paper between the letters of a page grey.
 */
export async function measureShades(bytes: Uint8Array): Promise<Shades> {
  const grey = await sharp(bytes).greyscale().resize(SIDE, SIDE, { fit: 'fill', kernel: 'nearest' }).raw().toBuffer();
  const counts = Array.from({ length: SHADES }, () => 0);
  for (const value of grey) counts[value]! += 1;
  const mean = counts.reduce((sum, count, shade) => sum + count * shade, 0) / grey.length;
  const variance = counts.reduce((sum, count, shade) => sum + count * (shade - mean) ** 2, 0) / grey.length;
  const around = counts.map((_, shade) =>
    counts.slice(Math.max(0, shade - SAME_SHADE), shade + SAME_SHADE + 1).reduce((sum, count) => sum + count, 0),
  );
  return { contrast: rounded(Math.sqrt(variance)), flatShare: rounded(Math.max(...around) / grey.length) };
}

/** Rounds to four decimals, because the value is written to the log of every photo. */
const rounded = (value: number): number => Math.round(value * 1e4) / 1e4;
