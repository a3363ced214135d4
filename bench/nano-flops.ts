/** Arithmetic of a nano model's matrix products, counted from its configuration: what a share of the machine's peak is a share of. */
import { headWidth, imagePatches, imageTokens, type NanoConfig } from '../src/nano/config.ts';

export type Work = {
  readonly batch: number;
  /** Text positions of each sequence. */
  readonly length: number;
  /** Images encoded; 0 for text alone. */
  readonly images: number;
  /** Positions whose logits are computed. */
  readonly rows: number;
  /** With the backward pass, which is two products for each one. */
  readonly training: boolean;
};

/** Operations (a multiplication and an addition are two) of all matrix products of a pass over whole sequences. */
export function matmulFlops(config: NanoConfig, { batch, length, images, rows, training }: Work): number {
  const { vision, decoder, image } = config;
  const patches = imagePatches(config);
  const merged = imageTokens(config);
  const positions = length + (images > 0 ? merged : 0);
  const head = headWidth(config);
  const packed = (decoder.heads + 2 * decoder.keyValueHeads) * head;
  const mlpMatrices = decoder.activation === 'swiglu' ? 3 : 2;
  const block = decoder.width * packed + decoder.width ** 2 + mlpMatrices * decoder.width * decoder.mlpWidth;
  const attention = 2 * positions * decoder.width;
  const text = batch * positions * decoder.layers * (block + attention) + rows * decoder.width * config.vocabularySize;
  const visionBlock =
    vision.kind === 'transformer'
      ? 4 * vision.width ** 2 + 2 * vision.width * vision.mlpWidth + 2 * patches * vision.width
      : 2 * vision.width * vision.mlpWidth + patches * vision.mlpWidth;
  const encoder = patches * (vision.width * image.patchPixels ** 2 * 3 + vision.layers * visionBlock);
  const projector = merged * (image.mergePatches ** 2 * vision.width * decoder.width + decoder.width ** 2);
  const products = text + images * (encoder + projector);
  return 2 * products * (training ? 3 : 1);
}
