/** The interface of sentence embedders, which turn texts into unit vectors. */

export interface Embedder {
  readonly name: string;
  /**
   * Returns one unit vector per text, in order; all have the same dimensions. Throws a GlobeError if the model cannot
   * run.
   */
  embed(texts: readonly string[], options: { readonly signal: AbortSignal }): Promise<Float32Array[]>;
}

/** Scales a vector to length 1. A zero vector stays unchanged. */
export function unitVector(values: ArrayLike<number>): Float32Array {
  const vector = Float32Array.from(values);
  const length = Math.hypot(...vector);
  return length === 0 ? vector : vector.map((value) => value / length);
}

/** Returns the dot product of two vectors. For unit vectors, this is their cosine. */
export function dotProduct(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
