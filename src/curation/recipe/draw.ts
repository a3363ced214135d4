/** Repeatable random draws. Each draw depends only on the recipe's seed and a text. */
import { seedFrom } from '../../core/random.ts';

/**
 * Returns a number in [0, 1) that depends only on the seed and the text. Adding or removing other photos therefore does
 * not change the draw.
 */
export function drawOf(seed: number, text: string): number {
  // FNV-1a gives short texts similar high bits. Hashing the first hash together with the text makes the high bits
  // differ.
  return seedFrom(`${seedFrom(`${seed}:${text}`)}:${text}`) / 2 ** 32;
}
