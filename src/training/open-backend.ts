/** The embedded backend of a recipe: a checkpoint to go on from, or a new model with a vocabulary made from its texts. */
import { availableParallelism } from 'node:os';
import {
  EmbeddedBackend,
  initialParameters,
  loadCheckpoint,
  nanoConfig,
  openTokenizer,
  parameterSpecs,
  tokenizerDocument,
  trainBpe,
} from '../nano/index.ts';
import type { PolicyRecipe } from './recipe.ts';

/** `texts` make the vocabulary of a new model, and are read only then. */
export async function openBackend(recipe: PolicyRecipe, texts: () => Iterable<string>): Promise<EmbeddedBackend> {
  const { model, seed, weightDecay, maxGradientNorm } = recipe;
  const optimizer = { weightDecay, maxGradientNorm };
  // Sampling is bound by memory more than by arithmetic: one session a core beats one session over all.
  const sampleWorkers = availableParallelism();
  if ('checkpoint' in model)
    return new EmbeddedBackend({ ...(await loadCheckpoint(model.checkpoint)), optimizer, sampleWorkers });
  const { size, backbone } = model;
  const vocabulary = trainBpe(texts(), { vocabularySize: model.vocabularySize });
  const tokenizer = openTokenizer(tokenizerDocument(vocabulary), 'The new tokenizer');
  const config = nanoConfig({ size, backbone, vocabularySize: tokenizer.size });
  return new EmbeddedBackend({
    config,
    tokenizer,
    parameters: initialParameters(parameterSpecs(config), seed),
    optimizer,
    sampleWorkers,
  });
}
