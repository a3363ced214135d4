/** Repeatable draws: each depends only on the recipe's seed and a name. */
import { seedFrom } from '../../core/random.ts';

/** A number in [0, 1) from a seed and a text, independent of the order and number of records. */
export function drawOf(seed: number, text: string): number {
  // FNV-1a gives short texts similar high bits; hashing its result together with the text spreads them.
  return seedFrom(`${seedFrom(`${seed}:${text}`)}:${text}`) / 2 ** 32;
}
