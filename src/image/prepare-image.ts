/**
 * Prepares every image that a model receives. The result is decoded within limits, upright, in sRGB, on white, has at
 * most `maxPixels` pixels and contains no metadata. Every image is re-encoded, even a JPEG that needs no change,
 * because compressed data can hide text after the last pixel and decoders do not warn about it. Metadata is read
 * separately, in photo-metadata.ts.
 */
import { createHash } from 'node:crypto';
import sharp from 'sharp';
import type { Sharp } from 'sharp';
import { defined } from '../core/defined.ts';
import { GlobeError, invalidInput, messageOf } from '../core/errors.ts';
import { deadlineAfter, firstAbort } from '../service/first-abort.ts';
import { isHeic } from './decode-heic.ts';
import { decodeHeicInThread } from './heic-thread.ts';
import { ALPHA_BACKGROUND, JPEG_QUALITY, MAX_INPUT_PIXELS, MAX_PIXELS } from './limits.ts';
import { metadataBlocks } from './metadata-blocks.ts';
import type { PixelBudget } from './pixel-budget.ts';
import type { PreparedImage } from './prepared-image.ts';
import { readImageFile } from './read-image-file.ts';

// Callers prepare several images at the same time, so each image uses one thread. The cache is off, so that an idle
// process uses no memory for cached images.
sharp.concurrency(1);
sharp.cache(false);

export type PrepareOptions = {
  /** Maximum number of pixels in the result; smaller images keep their size. */
  readonly maxPixels?: number;
  /** Maximum number of pixels in the input image. */
  readonly maxInputPixels?: number;
  /** Limit on the pixels that are decoded at the same time. Several calls can share one budget. */
  readonly budget?: PixelBudget;
  /** Time after which decoding stops; unlimited by default. */
  readonly timeoutSeconds?: number;
  /** Name of the image in error messages; its path by default. */
  readonly label?: string;
  readonly signal?: AbortSignal;
};

/**
 * Prepares an image from its bytes or path. An animation is reduced to its first frame. Transparent pixels become
 * white. Throws `invalid-input` or `not-found` if the file is missing, not an image, damaged, truncated or too large.
 * Throws a retryable `service` error if the disk or the memory fails.
 *
 * @example
 * const image = await prepareImage('photo.jpg'); // at most 1,003,520 pixels, no metadata
 */
export async function prepareImage(source: Uint8Array | string, options: PrepareOptions = {}): Promise<PreparedImage> {
  const { maxPixels = MAX_PIXELS, maxInputPixels = MAX_INPUT_PIXELS, signal, budget, timeoutSeconds } = options;
  const label = options.label ?? (typeof source === 'string' ? source : 'The image');
  if (!Number.isInteger(maxPixels) || maxPixels < 1) {
    throw invalidInput(`Invalid maxPixels: ${maxPixels}.`, 'Use a whole number of pixels, at least 1.');
  }
  const bytes = typeof source === 'string' ? await readImageFile(source, defined({ signal })) : source;
  if (bytes.length === 0) throw invalidInput(`${label} is empty (0 bytes).`);
  try {
    const limits = { maxPixels, maxInputPixels, ...defined({ signal, budget, timeoutSeconds }) };
    return await decodeAndEncode(bytes, { ...limits, failOn: 'warning' }).catch(async (error: unknown) => {
      // Warnings about flaws that lose no pixels (a stray byte, an unusual tag) are accepted. All other warnings are
      // errors.
      if (error instanceof GlobeError || signal?.aborted === true || TOO_SLOW.test(messageOf(error))) throw error;
      // A JPEG without an end marker may still have all its pixels. With the marker appended, the decoder warns only
      // about missing pixels.
      if (CUT_SHORT.test(messageOf(error)) && isJpeg(bytes)) {
        return decodeAndEncode(Buffer.concat([bytes, END_OF_JPEG]), { ...limits, failOn: 'warning' });
      }
      if (LOST_PIXELS.test(messageOf(error))) throw error;
      return decodeAndEncode(bytes, { ...limits, failOn: 'error' });
    });
  } catch (error) {
    throw imageError(label, error, signal);
  }
}

/** Matches warnings after which libjpeg fills a part of the image with invented pixels. */
const LOST_PIXELS = /premature end|Huffman|Corrupt JPEG data: (?!\d+ extraneous)/i;

/** Matches sharp's message for a timeout. */
const TOO_SLOW = /^timeout: /;

const CUT_SHORT = /premature end/i;
const END_OF_JPEG = Buffer.from([0xff, 0xd9]);

const isJpeg = (bytes: Uint8Array): boolean => bytes[0] === 0xff && bytes[1] === 0xd8;

/** The longest delay that a timer supports, rounded down. */
const MAX_TIMER_SECONDS = 2_000_000;

type Limits = {
  readonly maxPixels: number;
  readonly maxInputPixels: number;
  readonly failOn: 'warning' | 'error';
} & Pick<PrepareOptions, 'signal' | 'budget' | 'timeoutSeconds'>;

async function decodeAndEncode(bytes: Uint8Array, limits: Limits): Promise<PreparedImage> {
  const heic = isHeic(bytes);
  const { signal, budget, maxInputPixels, timeoutSeconds } = limits;
  // The size of a HEIC image is known only after decoding, so the maximum is reserved for it.
  const known = heic ? undefined : await decode(bytes, limits);
  signal?.throwIfAborted();
  const free = await budget?.take(known === undefined ? maxInputPixels : known.width * known.height, signal);
  try {
    const image = known ?? (await decodeLimitedHeic(bytes, limits));
    signal?.throwIfAborted();
    if (timeoutSeconds !== undefined) image.pipeline.timeout({ seconds: timeoutSeconds });
    return await encode(image, limits.maxPixels);
  } finally {
    free?.();
  }
}

type Decoded = {
  readonly pipeline: Sharp;
  /** Size after the image was turned upright. */
  readonly width: number;
  readonly height: number;
};

async function decode(bytes: Uint8Array, { maxInputPixels, failOn }: Limits): Promise<Decoded> {
  const pipeline = sharp(bytes, { limitInputPixels: maxInputPixels, failOn, autoOrient: true });
  const metadata = await pipeline.metadata();
  if (metadata.format === 'svg')
    throw invalidInput('SVG is a drawing, not a photo.', 'Export it as PNG or JPEG first.');
  return { pipeline, ...metadata.autoOrient };
}

async function decodeLimitedHeic(bytes: Uint8Array, limits: Limits): Promise<Decoded> {
  const { signal, maxInputPixels, timeoutSeconds } = limits;
  using timeout = deadlineAfter((timeoutSeconds ?? MAX_TIMER_SECONDS) * 1000);
  using end = firstAbort([timeout.signal, ...(signal === undefined ? [] : [signal])]);
  const decoding = decodeHeicInThread(bytes, { maxPixels: maxInputPixels, signal: end.signal });
  const { data, width, height } = await decoding.catch((error: unknown) => {
    if (!timeout.signal.aborted) throw error;
    throw invalidInput(
      `decoding the image takes more than ${timeoutSeconds} s.`,
      'Save the image as a JPEG of ordinary size first.',
    );
  });
  return { pipeline: sharp(data, { raw: { width, height, channels: 4 } }), width, height };
}

async function encode({ pipeline, width, height }: Decoded, maxPixels: number): Promise<PreparedImage> {
  const size = withinBudget({ width, height }, maxPixels);
  if (size.width !== width || size.height !== height) pipeline.resize({ ...size, fit: 'fill' });
  const encoded = await pipeline
    .flatten({ background: ALPHA_BACKGROUND })
    .toColourspace('srgb')
    // Optimised Huffman tables would reduce the file by 5 % but take 60 % more time.
    .jpeg({ quality: JPEG_QUALITY, optimiseCoding: false })
    .toBuffer();
  return prepared(encoded, size);
}

function prepared(bytes: Uint8Array, { width, height }: { width: number; height: number }): PreparedImage {
  const left = metadataBlocks(bytes);
  if (left.length > 0) {
    const names = left.map(({ name }) => name).join(', ');
    throw new GlobeError({ code: 'internal', message: `The prepared image still contains metadata: ${names}.` });
  }
  return {
    bytes,
    mediaType: 'image/jpeg',
    widthPixels: width,
    heightPixels: height,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  };
}

/**
 * Returns the largest size of the same shape with at most `maxPixels` pixels. The size never exceeds that of the image.
 */
export function withinBudget(
  { width, height }: { width: number; height: number },
  maxPixels: number,
): { width: number; height: number } {
  if (width * height <= maxPixels) return { width, height };
  const scale = Math.sqrt(maxPixels / (width * height));
  // Each side has at least one pixel. If one side has only one pixel, the other may have up to `maxPixels`.
  if (width * scale < 1) return { width: 1, height: Math.min(height, maxPixels) };
  if (height * scale < 1) return { width: Math.min(width, maxPixels), height: 1 };
  return { width: Math.floor(width * scale), height: Math.floor(height * scale) };
}

function imageError(label: string, error: unknown, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted === true) return signal.reason;
  if (error instanceof GlobeError) {
    if (error.code === 'internal') return error;
    return invalidInput(`${label}: ${error.message}`, error.hint);
  }
  const text = messageOf(error);
  if (/out of memory|cannot allocate memory/i.test(text)) {
    return new GlobeError({
      code: 'service',
      message: `Ran out of memory while decoding ${label}.`,
      hint: 'Give the process more memory.',
      retryable: true,
      cause: error,
    });
  }
  if (/unsupported image format/i.test(text)) {
    return invalidInput(
      `${label} is not in a supported image format.`,
      'Convert it to JPEG, PNG, WebP, AVIF, HEIC, TIFF or GIF.',
    );
  }
  if (TOO_SLOW.test(text)) {
    return invalidInput(`${label} takes too long to decode.`, 'Save the image as a JPEG of ordinary size first.');
  }
  if (/pixel limit/i.test(text)) {
    return invalidInput(`${label} has more pixels than the limit allows.`, 'Save a smaller copy of the image first.');
  }
  return invalidInput(
    `${label} is damaged or cut short: ${text.split('\n')[0]}.`,
    'Copy the file again from its source, or repair it with an image editor.',
  );
}
