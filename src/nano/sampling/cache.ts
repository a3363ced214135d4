/**
 * The cache of keys and values for running sequences. Each sequence has a slot. Slots are contiguous in memory, so the
 * first n slots form one array without a copy. When a sequence ends, the sequence in the last slot moves to the freed
 * slot.
 */
import { float32, type HostArray } from '../../tensor/index.ts';
import { headWidth, type NanoConfig } from '../config.ts';
import { cacheNames } from './graphs.ts';

/** The keys and values of one prompt: one row of the prompt program's outputs. */
export type ReadPrompt = {
  /** The program's outputs `keys.i` and `values.i` for each layer i [prompts, keyValueHeads, length, headWidth]. */
  readonly arrays: Readonly<Record<string, HostArray>>;
  readonly row: number;
  /** Number of positions of the prompt, including its image. All later positions are padding. */
  readonly length: number;
};

export type CacheSize = {
  readonly slots: number;
  /** Number of positions per slot. */
  readonly capacity: number;
  /** Maximum capacity that `resize` may set. */
  readonly most: number;
};

/** The keys or the values of one layer: `capacity` × headWidth numbers for each slot and head. */
type Part = { readonly name: string; readonly data: Float32Array };

export class KeyValueCache {
  readonly slots: number;
  #capacity: number;
  readonly #parts: readonly Part[];
  readonly #heads: number;
  readonly #width: number;

  constructor(config: NanoConfig, { slots, capacity, most }: CacheSize) {
    this.slots = slots;
    this.#capacity = capacity;
    this.#heads = config.decoder.keyValueHeads;
    this.#width = headWidth(config);
    // Allocating the maximum is cheap, because the operating system provides a page only when it is written.
    const size = slots * this.#heads * this.#width * most;
    this.#parts = Array.from({ length: config.decoder.layers }, (_, layer) => cacheNames(layer)).flatMap((names) =>
      names.map((name): Part => ({ name, data: new Float32Array(size) })),
    );
  }

  get capacity(): number {
    return this.#capacity;
  }

  /** Returns the step program's inputs for the first `count` slots, as views without a copy. */
  arrays(count: number): Record<string, HostArray> {
    const shape = [count, this.#heads, 1, this.#capacity, this.#width];
    const size = count * this.#heads * this.#capacity * this.#width;
    return Object.fromEntries(this.#parts.map(({ name, data }) => [name, float32(shape, data.subarray(0, size))]));
  }

  /** Copies a prompt's keys and values to the start of a slot. */
  fill(slot: number, { arrays, row, length }: ReadPrompt): void {
    for (const { name, data } of this.#parts) {
      const source = arrays[name]!.data as Float32Array;
      const stride = source.length / arrays[name]!.shape[0]! / this.#heads;
      for (let head = 0; head < this.#heads; head++) {
        const from = (row * this.#heads + head) * stride;
        data.set(source.subarray(from, from + length * this.#width), this.#at(slot, head));
      }
    }
  }

  /**
   * Appends the new keys and values (output `appended` of a step) to the slots. Slot i already has `lengths[i]`
   * positions.
   */
  append({ data }: HostArray, lengths: readonly number[]): void {
    const source = data as Float32Array;
    const width = this.#width;
    let at = 0;
    for (const { data: target } of this.#parts) {
      for (const [slot, length] of lengths.entries()) {
        for (let head = 0; head < this.#heads; head++) {
          const to = this.#at(slot, head) + length * width;
          // For a few numbers, a loop is faster than `set`.
          for (let i = 0; i < width; i++) target[to + i] = source[at++]!;
        }
      }
    }
  }

  /** Copies the first `length` positions of slot `from` to slot `to`. */
  move({ from, to, length }: { from: number; to: number; length: number }): void {
    for (const { data } of this.#parts) {
      for (let head = 0; head < this.#heads; head++) {
        const start = this.#at(from, head);
        data.copyWithin(this.#at(to, head), start, start + length * this.#width);
      }
    }
  }

  /** Changes the number of positions per slot to `capacity`. Keeps the first `lengths[i]` positions of each slot i. */
  resize(capacity: number, lengths: readonly number[]): void {
    const before = this.#capacity * this.#width;
    const after = capacity * this.#width;
    const blocks = lengths.length * this.#heads;
    for (const { data } of this.#parts) {
      for (let i = 0; i < blocks; i++) {
        // Growing starts with the last block and shrinking with the first, so that a move never overwrites a block that
        // has not moved yet.
        const block = after > before ? blocks - 1 - i : i;
        const length = Math.min(lengths[Math.floor(block / this.#heads)]! * this.#width, after);
        data.copyWithin(block * after, block * before, block * before + length);
      }
    }
    this.#capacity = capacity;
  }

  /** Returns the offset of the block for a slot and head. */
  #at(slot: number, head: number): number {
    return (slot * this.#heads + head) * this.#capacity * this.#width;
  }
}
