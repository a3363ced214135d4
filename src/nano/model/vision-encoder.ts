/** Converts patches to image tokens with an encoder (transformer or mixer) and a projector to the decoder's width. */
import { add, gelu, reshape, type Tensor, transpose } from '../../tensor/index.ts';
import { type EncoderConfig, imagePatches, imageTokens, type NanoConfig } from '../config.ts';
import { attend, project } from './attention.ts';
import { linear, mlp, norm, residualDeviation } from './layers.ts';
import { normalInitial, type Parameters } from './parameters.ts';

/** Encodes patches [images, imagePatches, patchPixels² * 3] as [images, imagePatches, vision.width]. */
export function encodePatches(p: Parameters, patches: Tensor, config: EncoderConfig): Tensor {
  const { kind, width, layers } = config.vision;
  const embedded = linear(p.within('patch'), patches, { out: width, bias: true });
  let x = add(embedded, p.get('position', [imagePatches(config), width], normalInitial()));
  const block = kind === 'transformer' ? transformerBlock : mixerBlock;
  for (let i = 0; i < layers; i++) x = block(p.within(`layers.${i}`), x, config);
  return norm(p.within('norm'), x, kind === 'transformer' ? 'rms' : 'layer');
}

function transformerBlock(p: Parameters, x: Tensor, { vision }: EncoderConfig): Tensor {
  const heads = { heads: vision.heads, keyValueHeads: vision.heads, headWidth: vision.width / vision.heads };
  const deviation = residualDeviation(vision.layers);
  const projected = project(p.within('attention'), norm(p.within('attention.norm'), x, 'rms'), heads);
  const { output } = attend(projected, heads);
  const mixed = add(x, linear(p.within('attention.out'), output, { out: vision.width, deviation }));
  const normal = norm(p.within('mlp.norm'), mixed, 'rms');
  return add(mixed, mlp(p.within('mlp'), normal, { kind: 'gelu', hidden: vision.mlpWidth, deviation }));
}

/** MLP-mixer block (Tolstikhin et al. 2021): an MLP over the patches, then an MLP over the channels. */
function mixerBlock(p: Parameters, x: Tensor, { vision }: EncoderConfig): Tensor {
  const deviation = residualDeviation(vision.layers);
  const options = { kind: 'gelu', deviation } as const;
  const across = transpose(norm(p.within('tokens.norm'), x, 'layer'), [0, 2, 1]);
  // A bias on the last layer would add the same number to all channels of a patch. The layer norms that follow remove
  // such a shift, so the bias is omitted.
  const patches = mlp(p.within('tokens'), across, { ...options, hidden: vision.mlpWidth / 2, lastBias: false });
  const mixed = add(x, transpose(patches, [0, 2, 1]));
  const channels = norm(p.within('channels.norm'), mixed, 'layer');
  return add(mixed, mlp(p.within('channels'), channels, { ...options, hidden: vision.mlpWidth }));
}

/**
 * Converts encoded patches to decoder tokens [images, imageTokens, decoder.width]. Neighbouring patches are
 * concatenated, then passed through two linear layers.
 */
export function projectImage(p: Parameters, encoded: Tensor, config: NanoConfig): Tensor {
  const { image, vision, decoder } = config;
  const images = encoded.shape[0]!;
  const merge = image.mergePatches;
  const side = Math.sqrt(imageTokens(config));
  const grid = reshape(encoded, [images, side, merge, side, merge, vision.width]);
  const joined = reshape(transpose(grid, [0, 1, 3, 2, 4, 5]), [images, side * side, merge * merge * vision.width]);
  const hidden = gelu(linear(p.within('up'), joined, { out: decoder.width, bias: true }));
  return linear(p.within('down'), hidden, { out: decoder.width, bias: true });
}
