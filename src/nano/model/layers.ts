/** Layers of encoder and decoder. Weights have the shape [in, out], so a linear layer is `matmul(x, weight)`. */
import { add, gelu, layerNorm, matmul, mul, rmsNorm, silu, type Tensor } from '../../tensor/index.ts';
import { normalInitial, ones, type Parameters, zeros } from './parameters.ts';

export type LinearOptions = {
  readonly out: number;
  readonly bias?: boolean;
  readonly deviation?: number;
};

/** Applies a linear layer: x [..., in] → [..., out]. */
export function linear(p: Parameters, x: Tensor, { out, bias = false, deviation = 0.02 }: LinearOptions): Tensor {
  const y = matmul(x, p.get('weight', [lastSize(x), out], normalInitial(deviation)));
  return bias ? add(y, p.get('bias', [out], zeros)) : y;
}

export type NormKind = 'rms' | 'layer';

/** Normalises the last axis. */
export function norm(p: Parameters, x: Tensor, kind: NormKind): Tensor {
  const scale = p.get('weight', [lastSize(x)], ones);
  return kind === 'rms' ? rmsNorm(x, scale) : layerNorm(x, scale, p.get('bias', [lastSize(x)], zeros));
}

export type MlpOptions = {
  readonly kind: 'swiglu' | 'gelu';
  readonly hidden: number;
  /**
   * Standard deviation of the initial values of the last matrix. A smaller deviation limits the growth of the residual
   * stream.
   */
  readonly deviation: number;
  /** Adds a bias to the last matrix of 'gelu'. The default is true. */
  readonly lastBias?: boolean;
};

/**
 * Applies the MLP of a block: x [..., width] → [..., width]. The hidden layer of 'swiglu' is silu(x·G) ⊙ (x·U) without
 * biases. 'gelu' has biases.
 */
export function mlp(p: Parameters, x: Tensor, { kind, hidden, deviation, lastBias = true }: MlpOptions): Tensor {
  const out = lastSize(x);
  if (kind === 'gelu') {
    const inner = gelu(linear(p.within('up'), x, { out: hidden, bias: true }));
    return linear(p.within('down'), inner, { out, bias: lastBias, deviation });
  }
  // With one joint matrix, splitting the product and concatenating its gradient would copy memory. Two matrices avoid
  // the copies.
  const gate = silu(linear(p.within('gate'), x, { out: hidden }));
  return linear(p.within('down'), mul(gate, linear(p.within('up'), x, { out: hidden })), { out, deviation });
}

/** Returns the size of the last dimension, which is never symbolic in a model. */
const lastSize = (x: Tensor): number => x.shape.at(-1) as number;

/** Standard deviation for the initial values of the last matrix of a residual branch, as in GPT-2. */
export const residualDeviation = (layers: number): number => 0.02 / Math.sqrt(2 * layers);
