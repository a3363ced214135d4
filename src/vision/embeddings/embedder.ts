/** The interface of sentence embeddings: text to unit vectors, by a model in this process or on a server. */

export interface Embedder {
  readonly name: string;
  /** One unit vector per text, in order, all of equal length. Throws a GlobeError if the model cannot run. */
  embed(texts: readonly string[], options: { readonly signal: AbortSignal }): Promise<Float32Array[]>;
}

/** Scales to length 1; a zero vector stays unchanged. */
export function unitVector(values: ArrayLike<number>): Float32Array {
  const vector = Float32Array.from(values);
  const length = Math.hypot(...vector);
  return length === 0 ? vector : vector.map((value) => value / length);
}

/** The cosine of two unit vectors. */
export function dotProduct(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
