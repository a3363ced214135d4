/**
 * Bicubic resampling that equals Pillow's bit for bit (src/libImaging/Resample.c: Catmull-Rom with antialiasing, 22-bit
 * fixed-point weights, rounding to bytes after each direction). CLIP was trained with Pillow's resampling. Another
 * resampler would change CLIP's features more than all other differences in this code together.
 */
export type RgbImage = { readonly width: number; readonly height: number; readonly data: Uint8Array };

const CHANNELS = 3;
const PRECISION_BITS = 22;
const ROUNDING = 1 << (PRECISION_BITS - 1);
const SUPPORT = 2;
const A = -0.5;

/** Resizes interleaved RGB pixels, first horizontally, then vertically. */
export function resizeBicubic(image: RgbImage, { width, height }: { width: number; height: number }): RgbImage {
  const across = image.width === width ? image : pass(image, width, { along: 'x' });
  return across.height === height ? across : pass(across, height, { along: 'y' });
}

function pass({ width, height, data }: RgbImage, size: number, { along }: { along: 'x' | 'y' }): RgbImage {
  const windows = resamplingWindows(along === 'x' ? width : height, size);
  const [outWidth, outHeight] = along === 'x' ? [size, height] : [width, size];
  const step = along === 'x' ? CHANNELS : width * CHANNELS;
  const out = new Uint8Array(outWidth * outHeight * CHANNELS);
  let at = 0;
  for (let y = 0; y < outHeight; y++) {
    for (let x = 0; x < outWidth; x++) {
      const { start, weights } = windows[along === 'x' ? x : y]!;
      const first = along === 'x' ? (y * width + start) * CHANNELS : (start * width + x) * CHANNELS;
      for (let channel = 0; channel < CHANNELS; channel++, at++) {
        let sum = ROUNDING;
        for (let k = 0, from = first + channel; k < weights.length; k++, from += step) sum += data[from]! * weights[k]!;
        out[at] = Math.min(255, Math.max(0, sum >> PRECISION_BITS));
      }
    }
  }
  return { width: outWidth, height: outHeight, data: out };
}

/** Computes which input pixels contribute to each output pixel, and their fixed-point weights. */
function resamplingWindows(inSize: number, outSize: number): { start: number; weights: Int32Array }[] {
  const scale = inSize / outSize;
  const filterScale = Math.max(scale, 1);
  const support = SUPPORT * filterScale;
  return Array.from({ length: outSize }, (_, i) => {
    const center = (i + 0.5) * scale;
    const start = Math.max(0, Math.trunc(center - support + 0.5));
    const end = Math.min(inSize, Math.trunc(center + support + 0.5));
    const raw = Array.from({ length: end - start }, (_, k) => cubic((k + start - center + 0.5) / filterScale));
    const total = raw.reduce((sum, weight) => sum + weight, 0);
    const weights = Int32Array.from(raw, (weight) => {
      const scaled = (weight / total) * (1 << PRECISION_BITS);
      return Math.trunc(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
    });
    return { start, weights };
  });
}

function cubic(distance: number): number {
  const x = Math.abs(distance);
  if (x < 1) return ((A + 2) * x - (A + 3)) * x * x + 1;
  if (x < 2) return (((x - 5) * x + 8) * x - 4) * A;
  return 0;
}
