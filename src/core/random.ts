/**
 * Seeded randomness. Functions receive the generator as a parameter, so that every result can be reproduced; there is
 * no global generator. The bits come from pure-rand's xoroshiro128+. This file adds the distributions that the project
 * needs.
 */
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

export type Random = {
  /** Returns a uniform number in [0, 1) with 32 random bits. */
  next(): number;
  /** Returns a uniform integer in [0, bound). Its bias, bound / 2^32, is negligible for the project's measurements. */
  integer(bound: number): number;
  /** Returns a standard normal number. */
  normal(): number;
};

/**
 * Mixes the bits of a seed (MurmurHash3's finaliser). Without this step, neighbouring seeds would give similar first
 * outputs.
 */
function scattered(seed: number): number {
  let mixed = seed | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

/** Number of outputs to discard. The starting state has few set bits, which need this many steps to spread. */
const WARM_UP = 16;

/** Creates a generator that returns the same sequence for the same seed on every machine. */
export function random(seed: number): Random {
  const bits = xoroshiro128plus(scattered(seed));
  for (let i = 0; i < WARM_UP; i++) bits.next();
  const next = (): number => (bits.next() >>> 0) / 2 ** 32;
  return {
    next,
    integer: (bound) => Math.floor(next() * bound),
    // The first of the two numbers of a Box–Muller transform. `1 - next()` keeps the argument of the logarithm above 0.
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
  };
}

/** Returns a new array in random order (Fisher–Yates shuffle). */
export function shuffled<T>(items: readonly T[], generator: Random): T[] {
  const result = [...items];
  for (let i = result.length - 1; i > 0; i--) {
    const j = generator.integer(i + 1);
    [result[i], result[j]] = [result[j]!, result[i]!];
  }
  return result;
}

/**
 * Derives a 32-bit seed from text (FNV-1a). The seed of a run or record then depends only on its name, not on the order
 * of the work.
 */
export function seedFrom(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
