/** Arithmetic of a nano model's matrix products, counted from its configuration: what a share of the machine's peak is a share of. */
import { headWidth, imagePatches, imageTokens, type NanoConfig } from '../src/nano/config.ts';

export type Work = {
  readonly batch: number;
  /** Text positions of each sequence. */
  readonly length: number;
  /** Positions read earlier, whose keys and values are there: prompts of completions. 0 by default. */
  readonly before?: number;
  /** Prompts of completions: of the last layer nothing but keys and values is computed. */
  readonly keysOnly?: boolean;
  /** Images encoded; 0 for text alone. */
  readonly images: number;
  /** Positions whose logits are computed. */
  readonly rows: number;
  /** With the backward pass, which is two products for each one. */
  readonly training: boolean;
};

/** Operations (a multiplication and an addition are two) of all matrix products of a pass over sequences. */
export function matmulFlops(config: NanoConfig, work: Work): number {
  const { batch, length, before = 0, keysOnly = false, images, rows, training } = work;
  const { vision, decoder, image } = config;
  const patches = imagePatches(config);
  const merged = imageTokens(config);
  const positions = length + (images > 0 ? merged : 0);
  const head = headWidth(config);
  const keysAndValues = 2 * decoder.keyValueHeads * head * decoder.width;
  const queries = decoder.heads * head * decoder.width;
  const mlpMatrices = decoder.activation === 'swiglu' ? 3 : 2;
  const attention = 2 * (before + positions) * decoder.width;
  const rest = queries + attention + decoder.width ** 2 + mlpMatrices * decoder.width * decoder.mlpWidth;
  const layers = decoder.layers * keysAndValues + (decoder.layers - (keysOnly ? 1 : 0)) * rest;
  const text = batch * positions * layers + rows * decoder.width * config.vocabularySize;
  const visionBlock =
    vision.kind === 'transformer'
      ? 4 * vision.width ** 2 + 2 * vision.width * vision.mlpWidth + 2 * patches * vision.width
      : 2 * vision.width * vision.mlpWidth + patches * vision.mlpWidth;
  const encoder = patches * (vision.width * image.patchPixels ** 2 * 3 + vision.layers * visionBlock);
  const projector = merged * (image.mergePatches ** 2 * vision.width * decoder.width + decoder.width ** 2);
  const products = text + images * (encoder + projector);
  return 2 * products * (training ? 3 : 1);
}

/** Of sequences whose prompts are read once for each of `prompts`: what one pass of training or of log-probabilities takes. */
export function sequenceFlops(
  config: NanoConfig,
  work: { batch: number; prompts: number; prompt: number; completion: number; training: boolean },
): number {
  const { batch, prompts, prompt, completion, training } = work;
  // A prompt's last token is the completion's first position.
  const read = { batch: prompts, length: prompt - 1, images: prompts, rows: 0, keysOnly: true, training };
  const before = prompt - 1 + imageTokens(config);
  const written = { batch, length: completion, before, images: 0, rows: batch * completion, training };
  return matmulFlops(config, read) + matmulFlops(config, written);
}
