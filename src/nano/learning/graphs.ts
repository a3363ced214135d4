/** Defines the tensor programs of training. One computes log-probabilities, the other a loss with its gradients. */
import { gradients, input, type ProgramDefinition, reduceSum, type Tensor } from '../../tensor/index.ts';
import { imagePatches, type NanoConfig } from '../config.ts';
import { chosenLogprobs, type PromptInputs, type SequenceInputs } from '../model/forward.ts';
import { newParameters, type Parameters, type ParameterSpecs } from '../model/parameters.ts';
import type { LossDefinition } from './losses.ts';

/** Declares the program inputs for prompts. */
export function promptInputs(config: NanoConfig, { images }: { images: boolean }): PromptInputs {
  const tokens = input('promptTokens', ['prompts', 'promptLength'], 'int32');
  if (!images) return { tokens };
  const patches = input('patches', ['images', imagePatches(config), config.image.patchPixels ** 2 * 3]);
  return { tokens, patches, imageOf: input('imageOf', ['prompts'], 'int32') };
}

/** Declares the program inputs for a batch. batch.ts makes the arrays for them. */
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

/** Lists all parameters of the model, including the image encoder. */
export function parameterSpecs(config: NanoConfig): ParameterSpecs {
  const p = newParameters();
  chosenLogprobs(p, sequenceInputs(config, { images: true }), chosenRows(), config);
  return p.specs;
}

/** Builds the program for log-probabilities with teacher forcing. Output: `logprobs` [rows]. */
export function logprobsGraph(config: NanoConfig, images: boolean): ProgramDefinition {
  const logprobs = chosenLogprobs(newParameters(), sequenceInputs(config, { images }), chosenRows(), config);
  return { outputs: { logprobs } };
}

export type Trainable = (name: string) => boolean;

export type LossGraphOptions = {
  readonly config: NanoConfig;
  readonly loss: LossDefinition;
  readonly images: boolean;
  /** Selects the parameters to train by name. The default is all parameters. */
  readonly trainable?: Trainable;
};

/**
 * A program that computes a loss and, by parameter name, the gradients for the parameters that the loss depends on.
 */
export type LearningProgram = {
  readonly outputs: Readonly<Record<string, Tensor>>;
  readonly gradients: Readonly<Record<string, Tensor>>;
};

/** Builds the program for a loss and its gradients. Outputs: `loss`, summed over rows, and `logprobs` [rows]. */
export function lossGraph({ config, loss, images, trainable = () => true }: LossGraphOptions): LearningProgram {
  const p = newParameters();
  const logprobs = chosenLogprobs(p, sequenceInputs(config, { images }), chosenRows(), config);
  const inputs = Object.fromEntries([
    ...loss.tokenInputs.map((name): [string, Tensor] => [name, input(name, ['rows'])]),
    ...Object.keys(loss.settings).map((name): [string, Tensor] => [name, input(name, [])]),
  ]);
  const total = reduceSum(loss.perToken(logprobs, inputs));
  return { outputs: { loss: total, logprobs }, gradients: gradientsOf(total, p, trainable) };
}

/** Returns the gradient of a loss for each trainable parameter, by name. */
export function gradientsOf(loss: Tensor, p: Parameters, trainable: Trainable = () => true): Record<string, Tensor> {
  const chosen = Object.entries(p.tensors).filter(([name]) => trainable(name));
  const computed = gradients(
    loss,
    chosen.map(([, tensor]) => tensor),
  );
  return Object.fromEntries(chosen.map(([name], i) => [name, computed[i]!]));
}
