/**
 * Measures the machine's peak speed in matrix products with ONNX Runtime. The peak is the speed of the fastest of many
 * large float32 products. A training step reaches a share of this peak; the share shows how much of the step is
 * arithmetic. Run as a script, this file prints the peak.
 */
import { compile, float32, input, matmul, type HostArray } from '../../src/tensor/index.ts';

export type MatmulPeak = { readonly gigaflopsPerSecond: number; readonly size: number; readonly threads: number };

/**
 * Returns the speed of the fastest of `repeats` products of two size × size matrices. A product takes 2 size³
 * operations.
 */
export async function matmulPeak({
  threads,
  size = 1024,
  repeats = 30,
}: {
  threads: number;
  size?: number;
  repeats?: number;
}): Promise<MatmulPeak> {
  // Four products are chained, so that copying the result out of the runtime is a small part of the time.
  const CHAIN = 4;
  const a = input('a', [size, size]);
  const b = input('b', [size, size]);
  let product = a;
  for (let i = 0; i < CHAIN; i++) product = matmul(product, b);
  await using program = await compile({ outputs: { product } }, { threads });
  const matrix = (scale: number): HostArray =>
    float32(
      [size, size],
      Float32Array.from({ length: size * size }, (_, i) => scale * Math.sin(i)),
    );
  const feeds = { a: matrix(1), b: matrix(1 / size) };
  let bestMs = Infinity;
  for (let i = 0; i < repeats; i++) {
    const startMs = performance.now();
    await program.run(feeds);
    bestMs = Math.min(bestMs, performance.now() - startMs);
  }
  return { gigaflopsPerSecond: (CHAIN * 2 * size ** 3) / bestMs / 1e6, size, threads };
}

if (import.meta.main) {
  for (const threads of [1, 2]) {
    const { gigaflopsPerSecond, size } = await matmulPeak({ threads });
    process.stdout.write(`${size} × ${size}, ${threads} thread(s): ${gigaflopsPerSecond.toFixed(0)} GFLOP/s\n`);
  }
}
