/**
 * CLIP's image tower with its projection, as an ONNX file in the folder layout of transformers.js
 * (onnx/vision_model.onnx, preprocessor_config.json), run on ONNX Runtime. Images are preprocessed in the same way as
 * by CLIPImageProcessor with Pillow.
 */
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import sharp from 'sharp';
import { z } from 'zod';
import { defined } from '../../core/defined.ts';
import { GlobeError, invalidInput, messageOf } from '../../core/errors.ts';
import type { PreparedImage } from '../../image/prepared-image.ts';
import { resizeBicubic } from './resize.ts';
import type { RgbImage } from './resize.ts';
import { parseJson, readModelFile } from './weights.ts';

const MODEL_FILE = 'onnx/vision_model.onnx';

const size = z.union([
  z.number().int().positive(),
  z.object({ shortest_edge: z.number().int().positive() }).transform((value) => value.shortest_edge),
]);
const crop = z.union([
  z.number().int().positive(),
  z.object({ height: z.number().int().positive() }).transform((value) => value.height),
]);
const triple = z.tuple([z.number(), z.number(), z.number()]);
const preprocessingSchema = z
  .object({ size, crop_size: crop, image_mean: triple, image_std: triple })
  .refine((value) => value.crop_size <= value.size, 'crop_size must not exceed size');

export type Preprocessing = z.infer<typeof preprocessingSchema>;

export type ClipTower = AsyncDisposable & {
  /** Returns the preprocessed pixels, which are the network's input: float32 [3, crop, crop]. */
  pixels(image: PreparedImage): Promise<Float32Array>;
  /** Returns the projected image features: float32 [projection]. */
  features(image: PreparedImage): Promise<Float32Array>;
};

export async function openClipTower(folder: string, { threads }: { threads?: number } = {}): Promise<ClipTower> {
  const parsed = preprocessingSchema.safeParse(parseJson(await readModelFile(folder, 'preprocessor_config.json')));
  if (!parsed.success) {
    throw invalidInput(
      `Invalid preprocessing for CLIP in ${join(folder, 'preprocessor_config.json')}: ${z.prettifyError(parsed.error).replaceAll('\n', ' ')}`,
      'Use the file of openai/clip-vit-large-patch14.',
    );
  }
  const preprocessing = parsed.data;
  const session = await openSession(join(folder, MODEL_FILE), threads);
  const side = preprocessing.crop_size;
  const pixels = async (image: PreparedImage): Promise<Float32Array> => clipPixels(await decode(image), preprocessing);
  return {
    pixels,
    features: async (image) => {
      const pixelValues = new Tensor('float32', await pixels(image), [1, 3, side, side]);
      const outputs = await session.run({ pixel_values: pixelValues });
      return outputs['image_embeds']!.data as Float32Array;
    },
    [Symbol.asyncDispose]: async () => session.release(),
  };
}

async function openSession(file: string, threads: number | undefined): Promise<InferenceSession> {
  try {
    await access(file);
  } catch (error) {
    throw new GlobeError({
      code: 'not-found',
      message: `CLIP's image tower is missing: ${messageOf(error)}.`,
      hint: 'Export the tower with scripts/build/convert_geoclip.py --clip, or copy onnx/ and preprocessor_config.json of Xenova/clip-vit-large-patch14 into the folder, or add --allow-download to fetch these files.',
      cause: error,
    });
  }
  const session = await InferenceSession.create(file, defined({ intraOpNumThreads: threads }));
  if (session.inputNames.includes('pixel_values') && session.outputNames.includes('image_embeds')) return session;
  throw invalidInput(
    `${file} has the inputs ${session.inputNames.join(', ')} and the outputs ${session.outputNames.join(', ')}, but needs pixel_values and image_embeds.`,
    'Use a CLIP vision model with projection.',
  );
}

async function decode({ bytes }: PreparedImage): Promise<RgbImage> {
  const { data, info } = await sharp(bytes)
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}

/**
 * Resizes the shortest edge to `size`, crops the centre, scales to [0, 1] and normalizes. Returns float32 [3, crop,
 * crop].
 */
export function clipPixels(
  image: RgbImage,
  { size: shortest, crop_size: side, image_mean: mean, image_std: std }: Preprocessing,
): Float32Array {
  const longest = Math.trunc((shortest * Math.max(image.width, image.height)) / Math.min(image.width, image.height));
  const [width, height] = image.width <= image.height ? [shortest, longest] : [longest, shortest];
  const { data } = resizeBicubic(image, { width, height });
  const [left, top] = [Math.floor((width - side) / 2), Math.floor((height - side) / 2)];
  const out = new Float32Array(3 * side * side);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const from = ((y + top) * width + x + left) * 3;
      for (let c = 0; c < 3; c++) out[(c * side + y) * side + x] = (data[from + c]! / 255 - mean[c]!) / std[c]!;
    }
  }
  return out;
}
