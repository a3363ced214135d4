/**
 * The forward pass of the whole model. A prompt consists of image tokens, then text. Each prompt is computed once, and
 * all its completions attend to its keys and values. Sequences are padded on the right, and masks hide the padding.
 * Log-probabilities are computed only at requested positions.
 */
import {
  add,
  addDims,
  concat,
  type Dim,
  gather,
  iota,
  logProbability,
  matmul,
  minimum,
  multiplyDims,
  oneHot,
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
  /** [images, imagePatches, patchPixels² * 3]; absent if the prompts have no images. */
  readonly patches?: Tensor;
  /** int32 [prompts]: index of each prompt's image; absent if each prompt has its own image. */
  readonly imageOf?: Tensor;
};

/**
 * Computes the keys and values of each layer, and the final hidden states [prompts, prefix + length, width], where
 * `prefix` is the number of image tokens.
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
  /** The prompts without their last tokens. A prompt with only one token is empty here. */
  readonly prompts: PromptInputs;
  /**
   * int32 [batch, length]: for each completion, the prompt's last token, then all tokens of the completion except the
   * last.
   */
  readonly tokens: Tensor;
  /** int32 [batch]: index of each completion's prompt. */
  readonly promptOf: Tensor;
  /** int32 [batch]: number of positions of each completion's prompt, including the image and excluding padding. */
  readonly starts: Tensor;
};

export type ChosenRows = {
  /** int32 [rows]: flat indices (sequence * length + position) of the completion positions to compute. */
  readonly rows: Tensor;
  /** int32 [rows]: the token that follows each of these positions. */
  readonly targets: Tensor;
};

/** Computes the log-probability of each target token with teacher forcing. [rows] */
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

/** Computes the final hidden states of the completions. [batch, length, width] */
function readCompletions(
  p: Parameters,
  { prompts, tokens, promptOf, starts }: SequenceInputs,
  config: NanoConfig,
): Tensor {
  const { layers, prefix } = readPrompts(p, prompts, config);
  const [batch, length] = tokens.shape as [Dim, Dim];
  // Padding can exceed the context, so its positions are limited to the last row of the position tables.
  const at = minimum(add(reshape(starts, [batch, 1]), iota(length)), config.contextTokens - 1);
  const chosen = oneHot(promptOf, prompts.tokens.shape[0]!);
  const mask = continuedMask(starts, addDims(prefix, prompts.tokens.shape[1]!), length);
  const decoder = p.within('decoder');
  const embedded = addPositions(decoder, embedTokens(decoder, tokens, config), config, at);
  return decode(decoder, embedded, config, (projected, layer) => {
    const { keys, values } = layers[layer]!;
    const before = { keys: rowsOf(keys, chosen), values: rowsOf(values, chosen) };
    return attend(projected, { ...decoderHeads(config), mask, before, ...rotaryOf(config, at) }).output;
  });
}

/**
 * Selects rows of x by a product with `chosen` [batch, rows], which has a single 1 in each row: x [rows, ...rest] →
 * [batch, ...rest]. The result equals that of a lookup, bit for bit. The gradient of a product is a product too, while
 * the gradient of a lookup adds on one thread.
 */
function rowsOf(x: Tensor, chosen: Tensor): Tensor {
  const [rows, ...rest] = x.shape as [Dim, ...Dim[]];
  const flat = reshape(x, [rows, multiplyDims(...rest)]);
  return reshape(matmul(chosen, flat), [chosen.shape[0]!, ...rest]);
}

/**
 * Returns the decoder's rotary tables for the positions `at`; the default is 0, 1, .... Returns an empty object if the
 * configuration uses learned positions.
 */
function rotaryOf(config: NanoConfig, at?: Tensor): { rotary?: RotaryTables } {
  if (config.decoder.positions !== 'rotary') return {};
  return { rotary: rotaryTables({ contextTokens: config.contextTokens, headWidth: headWidth(config) }, at) };
}
