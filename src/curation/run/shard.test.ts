import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inShard, parseShard } from './shard.ts';

describe('shards', () => {
  it('divide photos: each belongs to exactly one shard, independent of the other photos', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 50 }), (id, count) => {
        const shards = Array.from({ length: count }, (_, i) => ({ index: i + 1, count }));
        expect(shards.filter((shard) => inShard(id, shard))).toHaveLength(1);
      }),
    );
  });

  it('are of about equal size', () => {
    const ids = Array.from({ length: 4000 }, (_, i) => `${i}_${i * 7}_photo.jpg`);
    for (const index of [1, 2, 3, 4]) {
      const size = ids.filter((id) => inShard(id, { index, count: 4 })).length;
      // The limit is five standard deviations of the size of a random shard.
      expect(Math.abs(size - 1000)).toBeLessThan(137);
    }
  });

  it.each(['0/2', '3/2', '1', 'a/b', '1/0', '-1/2'])('refuse %j', (text) => {
    expect(() => parseShard(text)).toThrow('Invalid shard');
  });

  it('are read as i/n', () => {
    expect(parseShard('2/4')).toEqual({ index: 2, count: 4 });
  });
});
