/**
 * Quantizes vectors for the first pass of the gallery search: rows to 8 bits, and the query to 14 bits in two digits.
 * Both results include the length of the vector of rounding errors, which bounds the error of a dot product.
 */

/**
 * Base of the query's digits. With 8-bit weights, digits below 128 cannot overflow the 16-bit sums that a kernel may
 * use.
 */
export const BASE = 128;
const QUERY_STEPS = (BASE * BASE) / 2 - 1;
const WEIGHT_STEPS = 127;

export type EncodedQuery = {
  /**
   * Each component of the query becomes the whole number round(component / step) + QUERY_STEPS + 1. The array contains
   * the high digits of all these numbers, then their low digits.
   */
  readonly digits: Uint8Array;
  readonly step: number;
  /** Length of the vector of rounding errors. */
  readonly error: number;
};

export function encodeQuery(query: Float32Array): EncodedQuery {
  const step = largest(query) / QUERY_STEPS || 1;
  const digits = new Uint8Array(query.length * 2);
  let squares = 0;
  for (const [i, value] of query.entries()) {
    const steps = Math.round(value / step);
    squares += (value - steps * step) ** 2;
    const shifted = steps + QUERY_STEPS + 1;
    digits[i] = Math.trunc(shifted / BASE);
    digits[query.length + i] = shifted % BASE;
  }
  return { digits, step, error: Math.sqrt(squares) };
}

export type QuantizedRows = {
  readonly weights: Int8Array;
  readonly steps: Float64Array;
  /**
   * Amount to subtract from each row's product, because `encodeQuery` adds QUERY_STEPS + 1 to every number of the
   * query.
   */
  readonly offsets: Float64Array;
  /** Maximum length of the rows' vectors of rounding errors. */
  readonly error: number;
};

/** Quantizes each row to 8 bits with its own step. The result is transposed to [dimensions, rows] for the product. */
export function quantizeRows(embeddings: Float32Array, dimensions: number): QuantizedRows {
  const count = embeddings.length / dimensions;
  const weights = new Int8Array(embeddings.length);
  const steps = new Float64Array(count);
  const offsets = new Float64Array(count);
  let error = 0;
  for (let row = 0; row < count; row++) {
    const vector = embeddings.subarray(row * dimensions, (row + 1) * dimensions);
    const step = largest(vector) / WEIGHT_STEPS || 1;
    let squares = 0;
    let sum = 0;
    for (let k = 0; k < dimensions; k++) {
      const rounded = Math.round(vector[k]! / step);
      weights[k * count + row] = rounded;
      sum += rounded;
      squares += (vector[k]! - rounded * step) ** 2;
    }
    steps[row] = step;
    offsets[row] = sum * (QUERY_STEPS + 1);
    error = Math.max(error, Math.sqrt(squares));
  }
  return { weights, steps, offsets, error };
}

function largest(values: Float32Array): number {
  let found = 0;
  for (const value of values) found = Math.max(found, Math.abs(value));
  return found;
}
