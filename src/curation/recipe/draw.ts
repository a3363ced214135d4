/** Draws that a run repeats: each depends on the recipe's seed and a name alone. */
import { seedFrom } from '../../core/random.ts';

/** A number in [0, 1) from a seed and a text, whatever the order and number of the records. */
export function drawOf(seed: number, text: string): number {
  // FNV-1a leaves the high bits of short texts alike; a second pass through its own digits spreads them.
  return seedFrom(`${seedFrom(`${seed}:${text}`)}:${text}`) / 2 ** 32;
}
