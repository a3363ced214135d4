/**
 * Seeded randomness. The generator is passed in, never global, so that every result can be reproduced.
 * The bits come from pure-rand's xoroshiro128+; this file adds the distributions that the project needs.
 */
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

export type Random = {
  /** Uniform in [0, 1), with 32 bits. */
  next(): number;
  /** Uniform integer in [0, bound); the bias, bound / 2^32, is far below anything measured here. */
  integer(bound: number): number;
  /** Standard normal. */
  normal(): number;
};

/** Mixes the bits of a seed (MurmurHash3's finaliser); without it, neighbouring seeds give similar first outputs. */
function scattered(seed: number): number {
  let mixed = seed | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

/** Number of outputs to discard until the sparse starting state has spread over all its bits. */
const WARM_UP = 16;

/** A generator that gives the same sequence for the same seed on every machine. */
export function random(seed: number): Random {
  const bits = xoroshiro128plus(scattered(seed));
  for (let i = 0; i < WARM_UP; i++) bits.next();
  const next = (): number => (bits.next() >>> 0) / 2 ** 32;
  return {
    next,
    integer: (bound) => Math.floor(next() * bound),
    // One half of a Box-Muller pair; 1 - next() keeps the logarithm's argument above 0.
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
  };
}

/** A new array in random order (Fisher and Yates). */
export function shuffled<T>(items: readonly T[], generator: Random): T[] {
  const result = [...items];
  for (let i = result.length - 1; i > 0; i--) {
    const j = generator.integer(i + 1);
    [result[i], result[j]] = [result[j]!, result[i]!];
  }
  return result;
}

/**
 * A 32-bit seed from text (FNV-1a), so that the seed of a run or record depends on its name and not on the order of
 * work.
 */
export function seedFrom(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
