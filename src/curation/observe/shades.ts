/** Two measures of how much an image shows: its contrast, and the share of it that has a single shade. */
import sharp from 'sharp';

/** Side of the thumbnail that is measured. */
const SIDE = 128;
const SHADES = 256;
/** Shades that differ by at most this count as one. */
const SAME_SHADE = 3;

export type Shades = {
  /** Standard deviation of the grey values, from 0 to 127.5. */
  readonly contrast: number;
  /** Share of the pixels within 3 grey values of the most frequent shade, from 0 to 1. */
  readonly flatShare: number;
};

/**
 * Measures the grey values of an image. The thumbnail takes single pixels instead of averages, because the white paper
 * between the letters of a page would otherwise turn grey.
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
