/**
 * The whole model on whole sequences: image tokens first, then the text, each position reading what came before it. Rows end in
 * padding, which no real position can see; only the rows asked for are turned into probabilities.
 */
import {
  type Dim,
  addDims,
  multiplyDims,
  concat,
  gather,
  logProbability,
  reshape,
  slice,
  type Tensor,
} from '../../tensor/index.ts';
import { headWidth, imageTokens, type NanoConfig } from '../config.ts';
import { attend, type Attended, causalMask } from './attention.ts';
import { addPositions, decode, decoderHeads, embedTokens, logitsOf } from './decoder.ts';
import type { Parameters } from './parameters.ts';
import { rotaryTables } from './rotary.ts';
import { encodePatches, projectImage } from './vision-encoder.ts';

export type ForwardInputs = {
  /** int32 [batch, length] */
  readonly tokens: Tensor;
  /** [images, imagePatches, patchPixels² * 3]; absent for text alone. */
  readonly patches?: Tensor;
  /** int32 [batch]: the image that each sequence shows; absent when it is its own. */
  readonly imageOf?: Tensor;
};

/** Last hidden states of all positions, image included, [batch, prefix + length, width], and each layer's keys and values. */
export function hiddenStates(
  p: Parameters,
  { tokens, patches, imageOf }: ForwardInputs,
  config: NanoConfig,
): { hidden: Tensor; layers: readonly Attended[]; prefix: number } {
  const text = embedTokens(p.within('decoder'), tokens, config);
  const images =
    patches && projectImage(p.within('projector'), encodePatches(p.within('vision'), patches, config), config);
  const shown = images && imageOf ? gather(images, imageOf) : images;
  const all = shown === undefined ? text : concat([shown, text], 1);
  const prefix = shown === undefined ? 0 : imageTokens(config);
  const length = addDims(prefix, tokens.shape[1]!);
  const rotary =
    config.decoder.positions === 'rotary'
      ? rotaryTables({ contextTokens: config.contextTokens, headWidth: headWidth(config) })
      : undefined;
  const mask = causalMask(length);
  const layers: Attended[] = [];
  const decoder = p.within('decoder');
  const hidden = decode(decoder, addPositions(decoder, all, config), config, (projected, layer) => {
    const attended = attend(projected, { ...decoderHeads(config), mask, ...(rotary && { rotary }) });
    layers[layer] = attended;
    return attended.output;
  });
  return { hidden, layers, prefix };
}

export type ChosenRows = {
  /** int32 [rows]: positions in the text, counted through the batch (sequence * length + position). */
  readonly rows: Tensor;
  /** int32 [rows]: the token that follows each. */
  readonly targets: Tensor;
};

/** Log-probabilities of chosen next tokens under teacher forcing. [rows] */
export function chosenLogprobs(
  p: Parameters,
  inputs: ForwardInputs,
  { rows, targets }: ChosenRows,
  config: NanoConfig,
): Tensor {
  return logProbability(logitsOf(p.within('decoder'), chosenHidden(p, inputs, rows, config), config), targets);
}

/** Hidden states of chosen text positions. [rows, width] */
export function chosenHidden(p: Parameters, inputs: ForwardInputs, rows: Tensor, config: NanoConfig): Tensor {
  const { hidden, prefix } = hiddenStates(p, inputs, config);
  const [batch, length] = inputs.tokens.shape as [Dim, Dim];
  const text = slice(hidden, 1, prefix, addDims(prefix, length));
  return gather(reshape(text, [multiplyDims(batch, length), config.decoder.width]), rows);
}
