/** A vision tower on disk: config.json (image and encoder), model.safetensors with its weights, a model card. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { invalidInput } from '../../core/errors.ts';
import { readCheckpointFile, readCheckpointJson } from '../../nano/checkpoint-files.ts';
import type { EncoderConfig } from '../../nano/config.ts';
import { writeFileAtomic } from '../../storage/atomic-file.ts';
import { type HostArray, readSafetensors, writeSafetensors } from '../../tensor/index.ts';
import { VISION_PREFIX } from './vision-tower.ts';

const files = { config: 'config.json', weights: 'model.safetensors', card: 'README.md' } as const;

const HINT = 'A vision tower is what a recipe with method: vision leaves in model/; a model that writes has one, too.';

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
 * The weights of a tower, or of the image encoder of a model that writes, which has learnt places, too. Throws `not-found` without one, and `invalid-input` when it is
 * another encoder than `encoder`.
 */
export async function loadTower(folder: string, encoder: EncoderConfig): Promise<Readonly<Record<string, HostArray>>> {
  const config = (await readCheckpointJson(folder, files.config, HINT)) as Partial<EncoderConfig>;
  const own = encoderOf(config);
  const wanted = encoderOf(encoder);
  if (own !== wanted) {
    throw invalidInput(
      `The tower in ${folder} is ${own}; the model's encoder is ${wanted}.`,
      'Train the one it needs.',
    );
  }
  const { arrays } = readSafetensors(await readCheckpointFile(folder, files.weights, HINT));
  return Object.fromEntries(Object.entries(arrays).filter(([name]) => name.startsWith(VISION_PREFIX)));
}

/** What the weights depend on; how patches are merged after the encoder is not of it. */
const encoderOf = ({ image, vision }: Partial<EncoderConfig>): string =>
  JSON.stringify({ sizePixels: image?.sizePixels, patchPixels: image?.patchPixels, ...vision });
