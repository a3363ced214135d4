/**
 * Counts the FLOP of a nano model's matrix products, so that its speed can be given as a share of the machine's peak.
 */
import { headWidth, imagePatches, imageTokens, type NanoConfig } from '../src/nano/config.ts';

export type Work = {
  readonly batch: number;
  /** Number of text positions in each sequence. */
  readonly length: number;
  /**
   * Number of earlier positions whose keys and values are cached, such as those of a completion's prompt. The default
   * is 0.
   */
  readonly before?: number;
  /** True if the last layer computes only keys and values. This is the case for a prompt whose logits are not used. */
  readonly keysOnly?: boolean;
  /** Number of encoded images. 0 means text alone. */
  readonly images: number;
  /** Number of positions whose logits are computed. */
  readonly rows: number;
  /** True to include the backward pass. It has two products for each product of the forward pass. */
  readonly training: boolean;
};

/** Returns the FLOP of all matrix products in one pass. A multiplication and an addition count as two operations. */
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

/**
 * Returns the FLOP of a pass over `batch` completions of `prompts` prompts, for training or for log-probabilities. Each
 * prompt is computed once.
 */
export function sequenceFlops(
  config: NanoConfig,
  work: { batch: number; prompts: number; prompt: number; completion: number; training: boolean },
): number {
  const { batch, prompts, prompt, completion, training } = work;
  // The last token of a prompt is the first input position of its completions.
  const read = { batch: prompts, length: prompt - 1, images: prompts, rows: 0, keysOnly: true, training };
  const before = prompt - 1 + imageTokens(config);
  const written = { batch, length: completion, before, images: 0, rows: batch * completion, training };
  return matmulFlops(config, read) + matmulFlops(config, written);
}
