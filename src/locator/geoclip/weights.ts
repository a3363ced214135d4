/**
 * Reads GeoCLIP's published parameters from a folder that release.ts found. The folder has the release format of the
 * PyPI package `geoclip`: config.json, model.safetensors and the gallery's CSV.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { GlobeError, invalidInput, messageOf } from '../../core/errors.ts';
import { readTensors } from '../../nano/checkpoint-files.ts';
import type { HostArray } from '../../tensor/index.ts';

/** A linear layer: y = x·Wᵀ + b. */
export type Linear = { readonly weight: HostArray; readonly bias: HostArray };

/** The part of the location encoder for one frequency scale. */
export type Capsule = {
  /** Frequencies of the random Fourier features: [features, 2]. */
  readonly frequencies: HostArray;
  /** A ReLU follows each layer except the last one, which is the capsule's head. */
  readonly layers: readonly Linear[];
};

export type GeoClipWeights = {
  readonly capsules: readonly Capsule[];
  /** The image head: two layers with a ReLU between them. */
  readonly imageHead: readonly [Linear, Linear];
  /** Natural logarithm of the factor that multiplies cosine similarities before the softmax. */
  readonly logitScale: number;
  /** Name of the gallery's CSV in the folder. */
  readonly galleryFile: string;
  /** Content of model.safetensors, which is part of the cache key. */
  readonly bytes: Uint8Array;
};

const configSchema = z.object({
  model_type: z.literal('geoclip-geolocation'),
  format_version: z.literal(1),
  sigma: z.array(z.number().positive()).min(1),
  /** CLIP's repository. The key `backbone` is from the package `geoclip`. */
  backbone: z.object({ repo_id: z.string() }).optional(),
  /** Our own addition: a repository with the image tower as ONNX, for backbones that release.ts does not know. */
  onnx_tower: z.string().optional(),
  gallery_file: z.string().regex(/^[^/\\]+\.csv$/, 'must name a CSV file inside the folder'),
});

/** Names of a capsule's layers in the package's nn.Sequential. */
const CAPSULE_LAYERS = ['capsule.1', 'capsule.3', 'capsule.5', 'head.0'];

/** Reads config.json. Throws `not-found` if the file is missing, and `invalid-input` if it has another format. */
export async function readConfig(folder: string): Promise<z.infer<typeof configSchema>> {
  const config = configSchema.safeParse(parseJson(await readModelFile(folder, 'config.json')));
  if (config.success) return config.data;
  throw invalidInput(
    `${join(folder, 'config.json')} is not from a GeoCLIP release: ${z.prettifyError(config.error).replaceAll('\n', ' ')}`,
    'Create the folder with scripts/build/convert_geoclip.py.',
  );
}

export async function readWeights(folder: string): Promise<GeoClipWeights> {
  const { sigma, gallery_file: galleryFile } = await readConfig(folder);
  const bytes = await readModelFile(folder, 'model.safetensors');
  const { arrays } = readTensors(bytes, join(folder, 'model.safetensors'));
  const take = (name: string): HostArray => {
    const found = arrays[name];
    if (found?.dtype === 'float32') return found;
    throw invalidInput(
      `${join(folder, 'model.safetensors')} has no float32 tensor ${name}.`,
      'Create the folder with scripts/build/convert_geoclip.py.',
    );
  };
  const linear = (name: string): Linear => ({ weight: take(`${name}.weight`), bias: take(`${name}.bias`) });
  return {
    capsules: sigma.map((_, i) => ({
      frequencies: take(`location_encoder.LocEnc${i}.capsule.0.b`),
      layers: CAPSULE_LAYERS.map((layer) => linear(`location_encoder.LocEnc${i}.${layer}`)),
    })),
    imageHead: [linear('image_encoder.mlp.0'), linear('image_encoder.mlp.2')],
    logitScale: take('logit_scale').data[0]!,
    galleryFile,
    bytes,
  };
}

/** Reads a file in the model's folder. Throws `not-found` with a hint on how to create the folder. */
export async function readModelFile(folder: string, name: string): Promise<Buffer> {
  try {
    return await readFile(join(folder, name));
  } catch (error) {
    throw new GlobeError({
      code: 'not-found',
      message: `GeoCLIP's ${name} cannot be read in ${folder}: ${messageOf(error)}.`,
      hint: 'Create the folder with scripts/build/convert_geoclip.py, and name that folder.',
      cause: error,
    });
  }
}

export function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}
