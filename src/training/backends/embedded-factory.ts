/**
 * Opens embedded backends, each from a checkpoint or with a new model. A new model's vocabulary is built from the
 * training texts.
 */
import { availableParallelism } from 'node:os';
import { invalidInput } from '../../core/errors.ts';
import type { BackendFactory } from './backend-factory.ts';
import { EmbeddedBackend } from './embedded-backend.ts';
import { initialParameters } from '../../nano/model/parameters.ts';
import { loadCheckpoint } from '../../nano/checkpoint.ts';
import { nanoConfig } from '../../nano/config.ts';
import { openTokenizer, tokenizerDocument } from '../../nano/tokenizer/tokenizer.ts';
import { parameterSpecs } from '../../nano/learning/graphs.ts';
import { trainBpe } from '../../nano/tokenizer/train-bpe.ts';
import type { PolicyRecipe } from '../recipe.ts';
import { loadTower } from '../vision-tower/tower-checkpoint.ts';
import { VISION_PREFIX } from '../vision-tower/vision-tower.ts';

export const embeddedBackends: BackendFactory = {
  open,
  async reference({ model }, policy) {
    if (!('checkpoint' in model)) {
      throw invalidInput(
        'GRPO with KL cannot start from a new, untrained model.',
        'Set model.checkpoint in the recipe.',
      );
    }
    const checkpoint = await loadCheckpoint(model.checkpoint);
    return policy instanceof EmbeddedBackend ? policy.frozen(checkpoint) : new EmbeddedBackend(checkpoint);
  },
};

async function open(recipe: PolicyRecipe, texts: () => Iterable<string>): Promise<EmbeddedBackend> {
  const { model, seed, weightDecay, maxGradientNorm, freezeVision, workers = availableParallelism() } = recipe;
  const learning = {
    optimizer: { weightDecay, maxGradientNorm },
    ...(freezeVision && { trainable: (name: string) => !name.startsWith(VISION_PREFIX) }),
  };
  if ('checkpoint' in model)
    return new EmbeddedBackend({ ...(await loadCheckpoint(model.checkpoint)), ...learning, workers });
  const { size, backbone, tower } = model;
  const vocabulary = trainBpe(texts(), { vocabularySize: model.vocabularySize });
  const tokenizer = openTokenizer(tokenizerDocument(vocabulary), 'The new tokenizer');
  const config = nanoConfig({ size, backbone, vocabularySize: tokenizer.size });
  const parameters = {
    ...initialParameters(parameterSpecs(config), seed),
    ...(tower !== undefined && (await loadTower(tower, config))),
  };
  return new EmbeddedBackend({ config, tokenizer, parameters, ...learning, workers });
}
