/**
 * Reads and writes a reward model: config.json with the calibration, vocabulary.json, model.safetensors, model card.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { invalidInput } from '../../core/errors.ts';
import { readCheckpointJson, readCheckpointTensors, writeCheckpointFiles } from '../../nano/checkpoint-files.ts';
import { nanoConfig, parseNanoConfig } from '../../nano/config.ts';
import { type HostArray, writeSafetensors } from '../../tensor/index.ts';
import type { Calibration } from './calibration.ts';
import type { PairModelConfig } from './pair-model.ts';

const REWARD_MODEL_TYPE = 'globe-reward-model';

const FILES = { config: 'config.json', vocabulary: 'vocabulary.json', weights: 'model.safetensors', card: 'README.md' };

const configSchema = z.object({
  model_type: z.literal(REWARD_MODEL_TYPE),
  image: z.unknown(),
  vision: z.unknown(),
  width: z.int().positive(),
  calibration: z.object({ slope: z.number(), intercept: z.number() }),
});

export type RewardModelCheckpoint = {
  readonly config: PairModelConfig;
  readonly calibration: Calibration;
  readonly parameters: Readonly<Record<string, HostArray>>;
};

export async function saveRewardModel(
  folder: string,
  { config, calibration, parameters }: RewardModelCheckpoint,
  { card }: { readonly card: string },
): Promise<void> {
  const { vocabulary, ...shape } = config;
  const document = { model_type: REWARD_MODEL_TYPE, ...shape, calibration };
  await writeCheckpointFiles(folder, [
    { name: FILES.config, content: `${JSON.stringify(document, null, 2)}\n` },
    { name: FILES.vocabulary, content: `${JSON.stringify(vocabulary)}\n` },
    { name: FILES.card, content: card },
    { name: FILES.weights, content: writeSafetensors(parameters, { format: REWARD_MODEL_TYPE }) },
  ]);
}

/** Loads a reward model. Throws `not-found` if a file is missing, and `invalid-input` if a file is invalid. */
export async function loadRewardModel(folder: string): Promise<RewardModelCheckpoint> {
  const parsed = configSchema.safeParse(await json(folder, FILES.config));
  if (!parsed.success) {
    throw invalidInput(`Invalid reward model ${join(folder, FILES.config)}: ${z.prettifyError(parsed.error)}`);
  }
  const { image, vision, width, calibration } = parsed.data;
  const shape = parseNanoConfig({ ...nanoConfig({ size: 'tiny', vocabularySize: 1 }), image, vision }, folder);
  const vocabulary = z.array(z.string()).parse(await json(folder, FILES.vocabulary));
  const { arrays } = await readCheckpointTensors(folder, FILES.weights, HINT);
  return { config: { image: shape.image, vision: shape.vision, width, vocabulary }, calibration, parameters: arrays };
}

/** Returns true if the folder's config.json belongs to a reward model. */
export async function isRewardModel(folder: string): Promise<boolean> {
  const text = await readFile(join(folder, FILES.config), 'utf8').catch(() => '{}');
  return text.includes(`"${REWARD_MODEL_TYPE}"`);
}

const HINT = 'Train a reward model: globe reward-model train --recipe recipes/reward-model-miniature.yaml --run NAME.';

const json = (folder: string, name: string): Promise<unknown> => readCheckpointJson(folder, name, HINT);
