/** Reads and writes a vision tower: config.json (image and encoder), model.safetensors and a model card. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { invalidInput } from '../../core/errors.ts';
import { readCheckpointFile, readCheckpointJson } from '../../nano/checkpoint-files.ts';
import type { EncoderConfig } from '../../nano/config.ts';
import { writeFileAtomic } from '../../storage/atomic-file.ts';
import { type HostArray, readSafetensors, writeSafetensors } from '../../tensor/index.ts';
import { VISION_PREFIX } from './vision-tower.ts';

const files = { config: 'config.json', weights: 'model.safetensors', card: 'README.md' } as const;

const HINT = 'Use the model/ folder of a run with method: vision, or a language model that contains an image encoder.';

export type TowerCheckpoint = {
  readonly encoder: EncoderConfig;
  readonly parameters: Readonly<Record<string, HostArray>>;
};

export async function saveTower(
  folder: string,
  { encoder, parameters }: TowerCheckpoint,
  { description }: { readonly description: string },
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const config = { architectures: ['GlobeNanoVision'], image: encoder.image, vision: encoder.vision };
  await writeFileAtomic(join(folder, files.config), `${JSON.stringify(config, null, 2)}\n`);
  await writeFileAtomic(join(folder, files.card), `# GLOBE nano: a vision tower\n\n${description}\n`);
  await writeFileAtomic(join(folder, files.weights), writeSafetensors(parameters, { format: 'globe-nano-vision' }));
}

/**
 * Loads the encoder weights of a vision tower or a language model. Throws `not-found` if a file is missing, and
 * `invalid-input` if the configuration of the encoder differs from `encoder`.
 */
export async function loadTower(folder: string, encoder: EncoderConfig): Promise<Readonly<Record<string, HostArray>>> {
  const config = (await readCheckpointJson(folder, files.config, HINT)) as Partial<EncoderConfig>;
  const found = encoderOf(config);
  const expected = encoderOf(encoder);
  if (found !== expected) {
    throw invalidInput(
      `The vision tower in ${folder} is ${found}, but the model needs ${expected}.`,
      'Train a vision tower with the size and backbone of the model.',
    );
  }
  const { arrays } = readSafetensors(await readCheckpointFile(folder, files.weights, HINT));
  return Object.fromEntries(Object.entries(arrays).filter(([name]) => name.startsWith(VISION_PREFIX)));
}

/**
 * Serializes the settings that the weights depend on. Patches are merged after the encoder, so that setting is omitted.
 */
const encoderOf = ({ image, vision }: Partial<EncoderConfig>): string =>
  JSON.stringify({ sizePixels: image?.sizePixels, patchPixels: image?.patchPixels, ...vision });
