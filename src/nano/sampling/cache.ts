/**
 * Keys and values of the running sequences: one slot each, slots side by side, so that the first n slots are one array. A slot is filled
 * from a prompt that was read once, and the last slot moves into the place of one that ends.
 */
import { float32, type HostArray } from '../../tensor/index.ts';
import { headWidth, type NanoConfig } from '../config.ts';
import { cacheNames } from './graphs.ts';

/** One prompt's share of the arrays that the prompt program gave. */
export type ReadPrompt = {
  /** The program's outputs, with keys.i [prompts, keyValueHeads, headWidth, length] and values.i [.., length, headWidth]. */
  readonly arrays: Readonly<Record<string, HostArray>>;
  readonly row: number;
  /** Positions that are the prompt's own, image included; the rest is padding. */
  readonly length: number;
};

/**
 * The arrays of one layer's keys or values as blocks: keys have a block of `capacity` numbers for each slot, head and channel; values one
 * of `capacity * headWidth` numbers for each slot and head. A position is one number of the first, a run of the second.
 */
type Part = { readonly name: string; readonly data: Float32Array; readonly blocks: number; readonly run: number };

export class KeyValueCache {
  readonly slots: number;
  readonly capacity: number;
  readonly #parts: readonly Part[];
  readonly #heads: number;
  readonly #width: number;

  constructor(config: NanoConfig, { slots, capacity }: { slots: number; capacity: number }) {
    this.slots = slots;
    this.capacity = capacity;
    this.#heads = config.decoder.keyValueHeads;
    this.#width = headWidth(config);
    const slotSize = this.#heads * this.#width * capacity;
    this.#parts = Array.from({ length: config.decoder.layers }, (_, layer) => cacheNames(layer)).flatMap(
      ([keys, values]): Part[] => [
        { name: keys, data: new Float32Array(slots * slotSize), blocks: this.#heads * this.#width, run: 1 },
        { name: values, data: new Float32Array(slots * slotSize), blocks: this.#heads, run: this.#width },
      ],
    );
  }

  /** Inputs of the step program for the first `count` slots: views, not copies. */
  arrays(count: number): Record<string, HostArray> {
    return Object.fromEntries(
      this.#parts.map(({ name, data, run }) => {
        const shape =
          run === 1
            ? [count, this.#heads, this.#width, this.capacity]
            : [count, this.#heads, this.capacity, this.#width];
        return [name, float32(shape, data.subarray(0, count * this.#heads * this.#width * this.capacity))];
      }),
    );
  }

  /** Puts a prompt at the beginning of a slot. */
  fill(slot: number, { arrays, row, length }: ReadPrompt): void {
    for (const { name, data, blocks, run } of this.#parts) {
      const source = arrays[name]!.data as Float32Array;
      const stride = source.length / arrays[name]!.shape[0]! / blocks;
      for (let block = 0; block < blocks; block++) {
        const from = (row * blocks + block) * stride;
        data.set(source.subarray(from, from + length * run), (slot * blocks + block) * this.capacity * run);
      }
    }
  }

  /** Writes a step's `appended` behind the positions that each slot has. */
  append({ data }: HostArray, lengths: readonly number[]): void {
    const source = data as Float32Array;
    let at = 0;
    for (const { data: target, blocks, run } of this.#parts) {
      for (const [slot, length] of lengths.entries()) {
        for (let block = 0; block < blocks; block++) {
          const to = ((slot * blocks + block) * this.capacity + length) * run;
          for (let i = 0; i < run; i++) target[to + i] = source[at++]!;
        }
      }
    }
  }

  /** Copies one slot's first `length` positions over another's. */
  move({ from, to, length }: { from: number; to: number; length: number }): void {
    for (const { data, blocks, run } of this.#parts) {
      for (let block = 0; block < blocks; block++) {
        const start = (from * blocks + block) * this.capacity * run;
        data.copyWithin((to * blocks + block) * this.capacity * run, start, start + length * run);
      }
    }
  }

  /** The same slots with room for more positions. */
  grown(config: NanoConfig, capacity: number, lengths: readonly number[]): KeyValueCache {
    const larger = new KeyValueCache(config, { slots: this.slots, capacity });
    const arrays = this.arrays(this.slots);
    for (const [row, length] of lengths.entries()) larger.fill(row, { arrays, row, length });
    return larger;
  }
}
