/** Reads and writes a vision tower: config.json (image and encoder), model.safetensors and a model card. */
import { invalidInput } from '../../core/errors.ts';
import { trainingStateFile } from '../../nano/checkpoint.ts';
import { readCheckpointJson, readCheckpointTensors, writeCheckpointFiles } from '../../nano/checkpoint-files.ts';
import type { EncoderConfig } from '../../nano/config.ts';
import type { TrainerState } from '../../nano/learning/trained-weights.ts';
import { type HostArray, writeSafetensors } from '../../tensor/index.ts';
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
  { description, state }: { readonly description: string; readonly state?: TrainerState },
): Promise<void> {
  const config = { architectures: ['GlobeNanoVision'], image: encoder.image, vision: encoder.vision };
  await writeCheckpointFiles(folder, [
    { name: files.config, content: `${JSON.stringify(config, null, 2)}\n` },
    { name: files.card, content: `# GLOBE nano: a vision tower\n\n${description}\n` },
    ...(state === undefined ? [] : [trainingStateFile(state)]),
    { name: files.weights, content: writeSafetensors(parameters, { format: 'globe-nano-vision' }) },
  ]);
}

/**
 * Loads the encoder weights of a vision tower or a language model. `encoder` is the expected configuration. Throws
 * `not-found` if a file is missing, and `invalid-input` if the folder's configuration differs from `encoder`.
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
  const { arrays } = await readCheckpointTensors(folder, files.weights, HINT);
  return Object.fromEntries(Object.entries(arrays).filter(([name]) => name.startsWith(VISION_PREFIX)));
}

/**
 * Serializes the settings that the encoder's weights depend on. `mergePatches` is left out, because patches are merged
 * after the encoder.
 */
const encoderOf = ({ image, vision }: Partial<EncoderConfig>): string =>
  JSON.stringify({ sizePixels: image?.sizePixels, patchPixels: image?.patchPixels, ...vision });
