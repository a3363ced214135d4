/**
 * Rotary positions (Su et al. 2021, in the half-split form of Llama). Each head's vector is rotated by an angle
 * proportional to its position, so that attention scores depend on the distance between positions. One fused operator
 * computes the rotation. Its gradient is the reverse rotation.
 */
import { constant, neg, type Tensor } from '../../tensor/index.ts';
import { define, mismatch } from '../../tensor/tensor.ts';

/**
 * Tables of cosines and sines [positions, headWidth / 2], and the position of each token (int32 [batch, length]). If
 * every sequence starts at position 0, `positions` is [0].
 */
export type RotaryTables = { readonly cosines: Tensor; readonly sines: Tensor; readonly positions: Tensor };

const BASE = 10_000;

/** Makes the tables for `contextTokens` positions. Without `positions`, every sequence starts at position 0. */
export function rotaryTables(
  { contextTokens, headWidth }: { contextTokens: number; headWidth: number },
  positions: Tensor = constant([0], { dtype: 'int32' }),
): RotaryTables {
  const half = headWidth / 2;
  const angles = Array.from(
    { length: contextTokens * half },
    (_, i) => Math.floor(i / half) * BASE ** (-(i % half) / half),
  );
  const shape = [contextTokens, half];
  return {
    cosines: constant(angles.map(Math.cos), { shape }),
    sines: constant(angles.map(Math.sin), { shape }),
    positions,
  };
}

const rotaryOperator: (inputs: readonly Tensor[], attributes: { heads: number }) => Tensor = define({
  name: 'rotary',
  infer([x, cosines, sines, positions], { heads }: { heads: number }) {
    if (x!.shape.length !== 3) mismatch('the first input must be [batch, length, heads * headWidth].');
    const half = (x!.shape[2] as number) / heads / 2;
    if (cosines!.shape[1] !== half || sines!.shape[1] !== half) mismatch(`the tables must be [positions, ${half}].`);
    if (positions!.dtype !== 'int32') mismatch('positions must be int32.');
    return { dtype: 'float', shape: x!.shape };
  },
  emit: (e, [x, cosines, sines, positions], { attributes: { heads } }) =>
    e.op('RotaryEmbedding', [x!, e.cast(positions!, 'int64'), cosines!, sines!], { num_heads: heads }, 'com.microsoft'),
  gradient: ({ g, inputs: [, cosines, sines, positions], attributes }) => [
    rotaryOperator([g, cosines!, neg(sines!), positions!], attributes),
    undefined,
    undefined,
    undefined,
  ],
});

/** Rotates the `heads` vectors of every token in x [batch, length, heads * headWidth]. */
export const rotate = (x: Tensor, { cosines, sines, positions }: RotaryTables, heads: number): Tensor =>
  rotaryOperator([x, cosines, sines, positions], { heads });
