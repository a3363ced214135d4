/** Arrays outside the graph, which are the inputs and outputs of programs. They are row-major and contiguous. */
import { invalidInput } from '../core/errors.ts';

export type HostArray =
  | { readonly dtype: 'float32'; readonly shape: readonly number[]; readonly data: Float32Array }
  | { readonly dtype: 'float64'; readonly shape: readonly number[]; readonly data: Float64Array }
  | { readonly dtype: 'int32'; readonly shape: readonly number[]; readonly data: Int32Array }
  | { readonly dtype: 'bool'; readonly shape: readonly number[]; readonly data: Uint8Array };

export type HostDType = HostArray['dtype'];

const constructors = { float32: Float32Array, float64: Float64Array, int32: Int32Array, bool: Uint8Array } as const;

/**
 * Makes an array with the given type and shape. A typed array of the right type is used without a copy; all other
 * values are converted.
 */
export function array(dtype: HostDType, shape: readonly number[], values: ArrayLike<number>): HostArray {
  const size = shape.reduce((a, b) => a * b, 1);
  if (values.length !== size)
    throw invalidInput(`An array of shape [${shape.join(', ')}] needs ${size} values, but got ${values.length}.`);
  const data = values instanceof constructors[dtype] ? values : constructors[dtype].from(values);
  return { dtype, shape, data } as HostArray;
}

export const float32 = (shape: readonly number[], values: ArrayLike<number>): HostArray =>
  array('float32', shape, values);
export const int32 = (shape: readonly number[], values: ArrayLike<number>): HostArray => array('int32', shape, values);
export const bool = (shape: readonly number[], values: ArrayLike<number>): HostArray => array('bool', shape, values);

/** Returns an array whose elements all have the same value. */
export const repeated = (dtype: HostDType, shape: readonly number[], value: number): HostArray =>
  array(dtype, shape, new constructors[dtype](shape.reduce((a, b) => a * b, 1)).fill(value));

export const zeros = (dtype: HostDType, shape: readonly number[]): HostArray => repeated(dtype, shape, 0);
