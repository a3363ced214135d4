/**
 * The causal decoder: token embeddings, blocks of attention and MLP, and logits. The embedding matrix also computes the
 * logits (tied embeddings).
 */
import { add, gather, matmul, slice, type Tensor } from '../../tensor/index.ts';
import { headWidth, type NanoConfig } from '../config.ts';
import { type Heads, project, type Projected } from './attention.ts';
import { linear, mlp, norm, residualDeviation } from './layers.ts';
import { normalInitial, type Parameters } from './parameters.ts';

/** Computes the attention of one layer. [batch, length, width] */
export type Attend = (projected: Projected, layer: number) => Tensor;

export const decoderHeads = (config: NanoConfig): Heads => ({
  heads: config.decoder.heads,
  keyValueHeads: config.decoder.keyValueHeads,
  headWidth: headWidth(config),
});

const embeddings = (p: Parameters, config: NanoConfig): Tensor =>
  p.get('tokens', [config.vocabularySize, config.decoder.width], normalInitial());

/** Looks up the embeddings of tokens (int32 [...any]). [...any, width] */
export const embedTokens = (p: Parameters, tokens: Tensor, config: NanoConfig): Tensor =>
  gather(embeddings(p, config), tokens);

/** The table of learned positions [contextTokens, width]. */
export const positionTable = (p: Parameters, config: NanoConfig): Tensor =>
  p.get('positions', [config.contextTokens, config.decoder.width], normalInitial());

/**
 * Adds learned position embeddings to x [batch, length, width]. `at` (int32 [batch, length]) has the positions; the
 * default is 0, 1, .... If the configuration uses rotary positions, returns x unchanged.
 */
export function addPositions(p: Parameters, x: Tensor, config: NanoConfig, at?: Tensor): Tensor {
  if (config.decoder.positions === 'rotary') return x;
  const table = positionTable(p, config);
  return add(x, at === undefined ? slice(table, 0, 0, x.shape[1]!) : gather(table, at));
}

/** Applies all blocks and the final norm to x. [batch, length, width] */
export function decode(p: Parameters, x: Tensor, config: NanoConfig, attend: Attend): Tensor {
  const { layers, width, mlpWidth, activation, norm: kind } = config.decoder;
  const deviation = residualDeviation(layers);
  const heads = decoderHeads(config);
  let state = x;
  for (let i = 0; i < layers; i++) {
    const block = p.within(`layers.${i}`);
    const projected = project(block.within('attention'), norm(block.within('attention.norm'), state, kind), heads);
    const attended = linear(block.within('attention.out'), attend(projected, i), { out: width, deviation });
    const mixed = add(state, attended);
    const inner = norm(block.within('mlp.norm'), mixed, kind);
    state = add(mixed, mlp(block.within('mlp'), inner, { kind: activation, hidden: mlpWidth, deviation }));
  }
  return norm(p.within('norm'), state, kind);
}

/** Computes logits [rows, vocabularySize] from hidden states [rows, width]. */
export const logitsOf = (p: Parameters, hidden: Tensor, config: NanoConfig): Tensor =>
  matmul(hidden, embeddings(p, config), { transposeB: true });
