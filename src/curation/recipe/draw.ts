/** Repeatable random draws. Each depends only on the recipe's seed and a text. */
import { seedFrom } from '../../core/random.ts';

/** Returns a number in [0, 1) that depends only on the seed and the text, so other records do not change it. */
export function drawOf(seed: number, text: string): number {
  // FNV-1a gives short texts similar high bits. A second hash, of the first hash and the text, spreads them.
  return seedFrom(`${seedFrom(`${seed}:${text}`)}:${text}`) / 2 ** 32;
}
