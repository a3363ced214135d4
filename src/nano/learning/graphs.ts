/** The programs of training as graphs: log-probabilities, loss with gradients, and the optimizer's step. */
import {
  accumulate,
  accumulated,
  adamW,
  type AdamWOptions,
  clipByGlobalNorm,
  globalNorm,
  gradients,
  input,
  type ProgramDefinition,
  reduceSum,
  type Tensor,
} from '../../tensor/index.ts';
import { imagePatches, type NanoConfig } from '../config.ts';
import { chosenLogprobs, type PromptInputs, type SequenceInputs } from '../model/forward.ts';
import { newParameters, type Parameters, type ParameterSpecs } from '../model/parameters.ts';
import type { LossDefinition } from './losses.ts';

/** The graph's inputs for prompts. */
export function promptInputs(config: NanoConfig, { images }: { images: boolean }): PromptInputs {
  const tokens = input('promptTokens', ['prompts', 'promptLength'], 'int32');
  if (!images) return { tokens };
  const patches = input('patches', ['images', imagePatches(config), config.image.patchPixels ** 2 * 3]);
  return { tokens, patches, imageOf: input('imageOf', ['prompts'], 'int32') };
}

/** Inputs of a batch (batch.ts makes the arrays). */
const sequenceInputs = (config: NanoConfig, { images }: { images: boolean }): SequenceInputs => ({
  prompts: promptInputs(config, { images }),
  tokens: input('tokens', ['batch', 'length'], 'int32'),
  promptOf: input('promptOf', ['batch'], 'int32'),
  starts: input('starts', ['batch'], 'int32'),
});

const chosenRows = (): { rows: Tensor; targets: Tensor } => ({
  rows: input('rows', ['rows'], 'int32'),
  targets: input('targets', ['rows'], 'int32'),
});

/** Every parameter of the model, including those for images. */
export function parameterSpecs(config: NanoConfig): ParameterSpecs {
  const p = newParameters();
  chosenLogprobs(p, sequenceInputs(config, { images: true }), chosenRows(), config);
  return p.specs;
}

/** Computes teacher-forced log-probabilities; the output is `logprobs` [rows]. */
export function logprobsGraph(config: NanoConfig, images: boolean): ProgramDefinition {
  const logprobs = chosenLogprobs(newParameters(), sequenceInputs(config, { images }), chosenRows(), config);
  return { outputs: { logprobs } };
}

export type Trainable = (name: string) => boolean;

export type LossGraphOptions = {
  readonly config: NanoConfig;
  readonly loss: LossDefinition;
  readonly images: boolean;
  /** Parameters to train; all by default. */
  readonly trainable?: Trainable;
};

/** Outputs the loss, summed over rows, and `logprobs`; adds the gradients to the store's accumulators. */
export function lossGraph({ config, loss, images, trainable = () => true }: LossGraphOptions): ProgramDefinition {
  const p = newParameters();
  const logprobs = chosenLogprobs(p, sequenceInputs(config, { images }), chosenRows(), config);
  const inputs = Object.fromEntries([
    ...loss.tokenInputs.map((name): [string, Tensor] => [name, input(name, ['rows'])]),
    ...Object.keys(loss.settings).map((name): [string, Tensor] => [name, input(name, [])]),
  ]);
  const total = reduceSum(loss.perToken(logprobs, inputs));
  return { outputs: { loss: total, logprobs }, updates: accumulate(gradientsOf(total, p, trainable)) };
}

/** Gradient of a loss by parameter name. */
export function gradientsOf(loss: Tensor, p: Parameters, trainable: Trainable = () => true): Record<string, Tensor> {
  const chosen = Object.entries(p.tensors).filter(([name]) => trainable(name));
  const computed = gradients(
    loss,
    chosen.map(([, tensor]) => tensor),
  );
  return Object.fromEntries(chosen.map(([name], i) => [name, computed[i]!]));
}

export type OptimizerOptions = Omit<AdamWOptions, 'decays'> & {
  /** Maximum global norm of the gradient; without it, gradients are not clipped. */
  readonly maxGradientNorm?: number;
};

/**
 * Takes one AdamW step with the accumulated gradients, and resets them to zero. Output: `gradientNorm`, before
 * clipping.
 */
export function optimizerGraph(
  specs: ParameterSpecs,
  { maxGradientNorm, ...options }: OptimizerOptions,
): ProgramDefinition {
  const parameters = Object.fromEntries(Object.entries(specs).map(([name, { shape }]) => [name, input(name, shape)]));
  const { gradients: sums, reset } = accumulated(parameters);
  const clipped = maxGradientNorm === undefined ? undefined : clipByGlobalNorm(sums, maxGradientNorm);
  const updates = adamW(
    {
      parameters,
      gradients: clipped?.gradients ?? sums,
      learningRate: input('learningRate', []),
      step: input('step', []),
    },
    options,
  );
  return { outputs: { gradientNorm: clipped?.norm ?? globalNorm(sums) }, updates: { ...updates, ...reset } };
}
