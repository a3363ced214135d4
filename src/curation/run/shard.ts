/** Divides photos among machines. The hash of a photo's id determines its shard, so other photos do not affect it. */
import { invalidInput } from '../../core/errors.ts';
import { seedFrom } from '../../core/random.ts';

export type Shard = {
  /** From 1 to `count`. */
  readonly index: number;
  readonly count: number;
};

export const WHOLE: Shard = { index: 1, count: 1 };

/** Reads "2/4". Throws `invalid-input`. */
export function parseShard(text: string): Shard {
  const match = /^(\d+)\/(\d+)$/.exec(text.trim());
  const index = Number(match?.[1]);
  const count = Number(match?.[2]);
  if (match === null || index < 1 || count < 1 || index > count) {
    throw invalidInput(`Invalid shard: "${text}".`, 'Write i/n with i from 1 to n: --shard 2/4.');
  }
  return { index, count };
}

export function inShard(id: string, { index, count }: Shard): boolean {
  return seedFrom(id) % count === index - 1;
}
