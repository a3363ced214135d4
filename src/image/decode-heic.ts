/**
 * Decodes HEIC (HEVC in HEIF, the format of iPhone photos) to raw pixels with libheif compiled to WebAssembly. sharp
 * cannot decode it, because its prebuilt libvips omits HEVC for patent reasons. libheif is loaded only when the first
 * HEIC file is read.
 */
import { invalidInput } from '../core/errors.ts';

/** The primary image as rows of 8-bit RGBA from the top left, after the rotations that the file requires. */
export type RawPixels = { readonly data: Uint8Array; readonly width: number; readonly height: number };

/** Types for the part of libheif-js that this file uses. The package has no types. */
type Libheif = {
  HeifDecoder: new () => { decode(bytes: Uint8Array): HeifImage[] };
};
type HeifImage = {
  get_width(): number;
  get_height(): number;
  is_primary(): boolean;
  display(target: { data: Uint8ClampedArray; width: number; height: number }, done: (result: unknown) => void): void;
  free(): void;
};

const HEVC_BRANDS = new Set(['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'mif1', 'msf1']);

/** True for an ISO media file with HEVC brands. False for AVIF, which sharp can decode. */
export function isHeic(bytes: Uint8Array): boolean {
  const header = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 64));
  if (header.toString('latin1', 4, 8) !== 'ftyp') return false;
  const end = Math.min(header.length, header.readUInt32BE(0));
  const brands = [header.toString('latin1', 8, 12)];
  for (let at = 16; at + 4 <= end; at += 4) brands.push(header.toString('latin1', at, at + 4));
  return !brands.includes('avif') && brands.some((brand) => HEVC_BRANDS.has(brand));
}

/**
 * Decodes the primary image. Throws `invalid-input` if libheif cannot decode the file or the image has more than
 * `maxPixels` pixels.
 */
export async function decodeHeic(bytes: Uint8Array, { maxPixels }: { maxPixels: number }): Promise<RawPixels> {
  // @ts-expect-error the package has no type declarations; `Libheif` above declares the used part.
  const { default: libheif } = (await import('libheif-js/wasm-bundle.js')) as { default: Libheif };
  const { images, complaint } = quietly(() => new libheif.HeifDecoder().decode(bytes));
  try {
    const image = images.find((candidate) => candidate.is_primary()) ?? images[0];
    if (image === undefined) {
      throw invalidInput(
        `the HEIC file is damaged or cut short: ${complaint || 'none of its images can be decoded'}.`,
        'Copy the file again from its source.',
      );
    }
    const [width, height] = [image.get_width(), image.get_height()];
    if (width * height > maxPixels) {
      throw invalidInput(
        `the image has ${width} × ${height} pixels, more than the limit of ${maxPixels} pixels.`,
        'Save a smaller copy of the image first.',
      );
    }
    const target = { data: new Uint8ClampedArray(width * height * 4), width, height };
    const result = await new Promise((resolve) => image.display(target, resolve));
    if (!result)
      throw invalidInput(
        'the HEIC file is damaged or cut short: its image cannot be decoded.',
        'Copy the file again from its source.',
      );
    return { data: new Uint8Array(target.data.buffer), width, height };
  } finally {
    for (const image of images) image.free();
  }
}

/**
 * Captures the text that libheif-js logs about a damaged file, for which it only returns an empty list. The text
 * becomes part of the error. It must not reach stdout, which is reserved for results.
 */
function quietly(decode: () => HeifImage[]): { images: HeifImage[]; complaint: string } {
  const { log } = console;
  let complaint = '';
  console.log = (...parts: unknown[]) => {
    complaint = parts.map(String).join(': ');
  };
  try {
    const images = decode();
    return { images, complaint };
  } finally {
    console.log = log;
  }
}
