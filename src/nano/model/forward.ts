/**
 * The whole model. In prompts (image tokens first, then text) each position attends to earlier ones. Completions also
 * attend to their prompt, which is computed once for all its completions. Sequences end in padding, to which no real
 * position attends. Log-probabilities are computed only for requested positions.
 */
import {
  add,
  addDims,
  concat,
  type Dim,
  gather,
  iota,
  logProbability,
  minimum,
  multiplyDims,
  reshape,
  type Tensor,
} from '../../tensor/index.ts';
import { headWidth, imageTokens, type NanoConfig } from '../config.ts';
import { attend, type Attended, causalMask, continuedMask } from './attention.ts';
import { addPositions, decode, decoderHeads, embedTokens, logitsOf } from './decoder.ts';
import type { Parameters } from './parameters.ts';
import { type RotaryTables, rotaryTables } from './rotary.ts';
import { encodePatches, projectImage } from './vision-encoder.ts';

export type PromptInputs = {
  /** int32 [prompts, length] */
  readonly tokens: Tensor;
  /** [images, imagePatches, patchPixels² * 3]; absent for text alone. */
  readonly patches?: Tensor;
  /** int32 [prompts]: the image of each prompt; absent if each prompt has its own image. */
  readonly imageOf?: Tensor;
};

/**
 * Returns the last hidden states of all positions, image tokens included, [prompts, prefix + length, width], and each
 * layer's keys and values.
 */
export function readPrompts(
  p: Parameters,
  { tokens, patches, imageOf }: PromptInputs,
  config: NanoConfig,
): { hidden: Tensor; layers: readonly Attended[]; prefix: number } {
  const text = embedTokens(p.within('decoder'), tokens, config);
  const images =
    patches && projectImage(p.within('projector'), encodePatches(p.within('vision'), patches, config), config);
  const shown = images && imageOf ? gather(images, imageOf) : images;
  const all = shown === undefined ? text : concat([shown, text], 1);
  const prefix = shown === undefined ? 0 : imageTokens(config);
  const length = addDims(prefix, tokens.shape[1]!);
  const mask = causalMask(length);
  const layers: Attended[] = [];
  const decoder = p.within('decoder');
  const hidden = decode(decoder, addPositions(decoder, all, config), config, (projected, layer) => {
    const attended = attend(projected, { ...decoderHeads(config), mask, ...rotaryOf(config) });
    layers[layer] = attended;
    return attended.output;
  });
  return { hidden, layers, prefix };
}

export type SequenceInputs = {
  /** The prompts, each without its last token and therefore possibly empty. */
  readonly prompts: PromptInputs;
  /** int32 [batch, length]: the prompt's last token, then the completion's tokens without the last one. */
  readonly tokens: Tensor;
  /** int32 [batch]: index of each completion's prompt. */
  readonly promptOf: Tensor;
  /** int32 [batch]: number of positions of that prompt, including its image and excluding padding. */
  readonly starts: Tensor;
};

export type ChosenRows = {
  /** int32 [rows]: positions in the completions, as flat indices over the batch (sequence * length + position). */
  readonly rows: Tensor;
  /** int32 [rows]: the token that follows each of these positions. */
  readonly targets: Tensor;
};

/** Log-probabilities of chosen next tokens under teacher forcing. [rows] */
export function chosenLogprobs(
  p: Parameters,
  inputs: SequenceInputs,
  { rows, targets }: ChosenRows,
  config: NanoConfig,
): Tensor {
  const [batch, length] = inputs.tokens.shape as [Dim, Dim];
  const all = reshape(readCompletions(p, inputs, config), [multiplyDims(batch, length), config.decoder.width]);
  return logProbability(logitsOf(p.within('decoder'), gather(all, rows), config), targets);
}

/** Last hidden states of the completions' positions. [batch, length, width] */
function readCompletions(
  p: Parameters,
  { prompts, tokens, promptOf, starts }: SequenceInputs,
  config: NanoConfig,
): Tensor {
  const { layers, prefix } = readPrompts(p, prompts, config);
  const [batch, length] = tokens.shape as [Dim, Dim];
  // Limits positions to the context, which only padding exceeds.
  const at = minimum(add(reshape(starts, [batch, 1]), iota(length)), config.contextTokens - 1);
  const mask = continuedMask(starts, addDims(prefix, prompts.tokens.shape[1]!), length);
  const decoder = p.within('decoder');
  const embedded = addPositions(decoder, embedTokens(decoder, tokens, config), config, at);
  return decode(decoder, embedded, config, (projected, layer) => {
    const { keys, values } = layers[layer]!;
    const before = { keys: gather(keys, promptOf), values: gather(values, promptOf) };
    return attend(projected, { ...decoderHeads(config), mask, before, ...rotaryOf(config, at) }).output;
  });
}

/**
 * The decoder's rotary tables for positions 0, 1, ..., or for `at`; none if the configuration uses learned positions.
 */
function rotaryOf(config: NanoConfig, at?: Tensor): { rotary?: RotaryTables } {
  if (config.decoder.positions !== 'rotary') return {};
  return { rotary: rotaryTables({ contextTokens: config.contextTokens, headWidth: headWidth(config) }, at) };
}
