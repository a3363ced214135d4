/**
 * Random numbers as a pure function of a seed, which is an input of the program. Each element is a hash of the seed,
 * the element's position and a stream number, so equal seeds give equal numbers on every run and machine. ONNX's own
 * generators have a fixed seed in the file, so they cannot do this. Not suitable for cryptography.
 */
import { type Shape } from '../dims.ts';
import { define, mismatch, type Tensor, type Emitter } from '../tensor.ts';
import { cos, log, mul, sqrt } from './elementwise.ts';

const MASK = 0xffffffff;

/**
 * Mixes the bits of a 32-bit number, which is stored in a non-negative int64, with hash-prospector's function
 * 16-21f0aaad-15-735a2d97-15. No product exceeds 2^63.
 */
function mix(e: Emitter, value: string): string {
  const int64 = (x: number): string => e.constant('int64', [], [x]);
  const xorShift = (x: string, bits: number): string => e.op('BitwiseXor', [x, e.op('Div', [x, int64(2 ** bits)])]);
  const times = (x: string, factor: number): string =>
    e.op('BitwiseAnd', [e.op('Mul', [x, int64(factor)]), int64(MASK)]);
  return xorShift(times(xorShift(times(xorShift(value, 16), 0x21f0aaad), 15), 0x735a2d97), 15);
}

const uniformOperator = define<{ shape: Shape; stream: number }>({
  name: 'uniform',
  infer([seeds], { shape }) {
    if (seeds!.dtype !== 'int32') mismatch('seeds must be int32.');
    return { dtype: 'float', shape: [...seeds!.shape, ...shape] };
  },
  emit(e, [seeds], { inputs: [s], attributes: { shape, stream } }) {
    const int64 = (x: number): string => e.constant('int64', [], [x]);
    const and = (x: string): string => e.op('BitwiseAnd', [x, int64(MASK)]);
    const ones = shape.map((_, i) => s!.shape.length + i);
    const spread = ones.length === 0 ? seeds! : e.op('Unsqueeze', [seeds!, e.axes(ones)]);
    const key = mix(
      e,
      e.op('BitwiseXor', [and(e.cast(spread, 'int64')), int64(Math.imul(stream + 1, 0x9e3779b9) >>> 0)]),
    );
    const size = shape.length === 0 ? int64(1) : e.op('ReduceProd', [e.shape(shape)], { keepdims: 0 });
    const count = e.op('Reshape', [
      e.op('Range', [int64(0), size, int64(1)]),
      shape.length === 0 ? e.constant('int64', [0], []) : e.shape(shape),
    ]);
    const bits = mix(e, and(e.op('Add', [mix(e, e.op('BitwiseXor', [key, count])), mix(e, key)])));
    // Adding 0.5 to the 24 random bits keeps the result inside (0, 1), so its logarithm is finite.
    const unit = e.op('Add', [e.cast(e.op('Div', [bits, int64(256)]), e.precision), e.scalar(0.5)]);
    return e.op('Mul', [unit, e.scalar(2 ** -24)]);
  },
});

export type RandomOptions = {
  /** Draws with the same seed and stream are equal, so give each draw in a program its own stream number. */
  readonly stream?: number;
};

/**
 * Draws uniform numbers in (0, 1) with 24 random bits: seeds int32 [...any] and `shape` → [...any, ...shape]. Each seed
 * has its own sequence.
 */
export const uniform = (seeds: Tensor, shape: Shape = [], { stream = 0 }: RandomOptions = {}): Tensor =>
  uniformOperator([seeds], { shape, stream });

/**
 * Draws standard normal numbers (Box-Muller). The result has the same shape as the result of `uniform`. Internally,
 * each `stream` uses two streams of `uniform` with numbers of at least 0x40000000, so do not use such numbers in direct
 * calls of `uniform`.
 */
export function normal(seeds: Tensor, shape: Shape = [], { stream = 0 }: RandomOptions = {}): Tensor {
  const part = (half: number): Tensor => uniform(seeds, shape, { stream: 0x40000000 + 2 * stream + half });
  return mul(sqrt(mul(log(part(0)), -2)), cos(mul(part(1), 2 * Math.PI)));
}
