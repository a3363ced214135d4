/** The door to sentence embeddings: text to unit vectors, by a model in this process or on a server. */

export interface Embedder {
  readonly name: string;
  /** One unit vector a text, in order; all of one length. Throws a GlobeError where the model cannot run. */
  embed(texts: readonly string[], options: { readonly signal: AbortSignal }): Promise<Float32Array[]>;
}

/** Scaled to length 1; a vector of zeros stays as it is. */
export function unitVector(values: ArrayLike<number>): Float32Array {
  const vector = Float32Array.from(values);
  const length = Math.hypot(...vector);
  return length === 0 ? vector : vector.map((value) => value / length);
}

/** Of unit vectors: their cosine. */
export function dotProduct(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
