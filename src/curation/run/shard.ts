/**
 * Divides photos among machines. A hash of the photo's id determines its shard, so a photo's shard does not depend on
 * other photos.
 */
import { invalidInput } from '../../core/errors.ts';
import { seedFrom } from '../../core/random.ts';

export type Shard = {
  /** Index of the shard, from 1 to `count`. */
  readonly index: number;
  readonly count: number;
};

export const WHOLE: Shard = { index: 1, count: 1 };

/** Parses a shard such as "2/4". Throws `invalid-input` if the text is not a shard. */
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
