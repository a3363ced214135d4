/**
 * The only way an image reaches a model: decoded within limits, upright, sRGB, on white, inside a pixel budget, and
 * without a byte of the file's metadata. Every image is re-encoded, even a JPEG that needs no change, because text can
 * hide behind the last pixel inside compressed data, where decoders do not warn of it. photo-metadata.ts reads the
 * metadata.
 */
import { createHash } from 'node:crypto';
import sharp from 'sharp';
import type { Sharp } from 'sharp';
import { defined } from '../core/defined.ts';
import { GlobeError, invalidInput, messageOf } from '../core/errors.ts';
import { decodeHeic, isHeic } from './decode-heic.ts';
import { ALPHA_BACKGROUND, JPEG_QUALITY, MAX_INPUT_PIXELS, MAX_PIXELS } from './limits.ts';
import { metadataBlocks } from './metadata-blocks.ts';
import type { PreparedImage } from './prepared-image.ts';
import { readImageFile } from './read-image-file.ts';

// Parallelism is across images: one thread decodes a photo, and idle caches hold no memory.
sharp.concurrency(1);
sharp.cache(false);

export type PrepareOptions = {
  /** Maximum pixels of the result; smaller images keep their size. */
  readonly maxPixels?: number;
  /** Maximum pixels that the file may decode to. */
  readonly maxInputPixels?: number;
  /** Name of the image in errors; by default its path. */
  readonly label?: string;
  readonly signal?: AbortSignal;
};

/**
 * Prepares an image from its bytes or path. Animations yield their first frame; transparency becomes white. Throws
 * `invalid-input` or `not-found` if the file is not an image, is damaged, truncated or too large, and a retryable
 * `service` error if the disk or the memory fails.
 *
 * @example
 * const image = await prepareImage('photo.jpg'); // at most 1,003,520 pixels, no metadata
 */
export async function prepareImage(source: Uint8Array | string, options: PrepareOptions = {}): Promise<PreparedImage> {
  const { maxPixels = MAX_PIXELS, maxInputPixels = MAX_INPUT_PIXELS, signal } = options;
  const label = options.label ?? (typeof source === 'string' ? source : 'The image');
  if (!Number.isInteger(maxPixels) || maxPixels < 1) {
    throw invalidInput(`maxPixels is ${maxPixels}.`, 'Give a whole number of pixels, at least 1.');
  }
  const bytes = typeof source === 'string' ? await readImageFile(source, defined({ signal })) : source;
  if (bytes.length === 0) throw invalidInput(`${label} is empty (0 bytes).`);
  try {
    const limits = { maxPixels, maxInputPixels, ...defined({ signal }) };
    return await decodeAndEncode(bytes, { ...limits, failOn: 'warning' }).catch(async (error: unknown) => {
      // Decoders also warn about flaws that cost no pixel (a stray byte, an odd tag); only these are accepted.
      if (error instanceof GlobeError || signal?.aborted === true) throw error;
      // A JPEG that lacks only its end marker is whole: with the marker, a decoder warns only of missing pixels.
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

/** Warnings of libjpeg after which it invents a part of the picture. */
const LOST_PIXELS = /premature end|Huffman|Corrupt JPEG data: (?!\d+ extraneous)/i;

const CUT_SHORT = /premature end/i;
const END_OF_JPEG = Buffer.from([0xff, 0xd9]);

const isJpeg = (bytes: Uint8Array): boolean => bytes[0] === 0xff && bytes[1] === 0xd8;

type Limits = {
  readonly maxPixels: number;
  readonly maxInputPixels: number;
  readonly failOn: 'warning' | 'error';
  readonly signal?: AbortSignal;
};

async function decodeAndEncode(bytes: Uint8Array, limits: Limits): Promise<PreparedImage> {
  const image = await decode(bytes, limits);
  limits.signal?.throwIfAborted();
  return encode(image, limits.maxPixels);
}

type Decoded = {
  readonly pipeline: Sharp;
  /** Upright. */
  readonly width: number;
  readonly height: number;
};

async function decode(bytes: Uint8Array, { maxInputPixels, failOn }: Limits): Promise<Decoded> {
  if (isHeic(bytes)) {
    const { data, width, height } = await decodeHeic(bytes, { maxPixels: maxInputPixels });
    return { pipeline: sharp(data, { raw: { width, height, channels: 4 } }), width, height };
  }
  const pipeline = sharp(bytes, { limitInputPixels: maxInputPixels, failOn, autoOrient: true });
  const metadata = await pipeline.metadata();
  if (metadata.format === 'svg')
    throw invalidInput('SVG is a drawing, not a photo.', 'Export it as PNG or JPEG first.');
  return { pipeline, ...metadata.autoOrient };
}

async function encode({ pipeline, width, height }: Decoded, maxPixels: number): Promise<PreparedImage> {
  const size = withinBudget({ width, height }, maxPixels);
  if (size.width !== width || size.height !== height) pipeline.resize({ ...size, fit: 'fill' });
  const encoded = await pipeline
    .flatten({ background: ALPHA_BACKGROUND })
    .toColourspace('srgb')
    // Optimised Huffman tables would save 5 % of the bytes but take 60 % more time.
    .jpeg({ quality: JPEG_QUALITY, optimiseCoding: false })
    .toBuffer();
  return prepared(encoded, size);
}

function prepared(bytes: Uint8Array, { width, height }: { width: number; height: number }): PreparedImage {
  const left = metadataBlocks(bytes);
  if (left.length > 0) {
    const names = left.map(({ name }) => name).join(', ');
    throw new GlobeError({ code: 'internal', message: `The prepared image still holds metadata: ${names}.` });
  }
  return {
    bytes,
    mediaType: 'image/jpeg',
    widthPixels: width,
    heightPixels: height,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  };
}

/** The largest size of the same shape with at most `maxPixels` pixels, never larger than the image itself. */
export function withinBudget(
  { width, height }: { width: number; height: number },
  maxPixels: number,
): { width: number; height: number } {
  if (width * height <= maxPixels) return { width, height };
  const scale = Math.sqrt(maxPixels / (width * height));
  // Each side keeps at least one pixel; the other side then gets the rest of the budget.
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
      `${label} is not an image that can be read.`,
      'JPEG, PNG, WebP, AVIF, HEIC, TIFF and GIF can; convert it to one of these.',
    );
  }
  if (/pixel limit/i.test(text)) {
    return invalidInput(`${label} decodes to more pixels than are allowed.`, 'Save a smaller copy of it first.');
  }
  return invalidInput(
    `${label} is damaged or cut short: ${text.split('\n')[0]}.`,
    'Copy the file again from its source, or repair it with an image editor.',
  );
}
