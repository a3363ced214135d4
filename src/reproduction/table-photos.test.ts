import { describe, expect, it } from 'vitest';
import { tablePhotos } from './table-photos.ts';

const photos = Array.from({ length: 900 }, (_, i) => ({ id: i, owner: `owner-${(i * 7) % 100}` }));

describe('tablePhotos', () => {
  it('draws whole owners, and little more than the count', () => {
    const drawn = tablePhotos(photos, 300);
    const owners = new Set(drawn.map(({ owner }) => owner));
    expect(drawn).toEqual(photos.filter(({ owner }) => owners.has(owner)));
    expect(drawn.length).toBeGreaterThanOrEqual(300);
    expect(drawn.length).toBeLessThan(309);
  });

  it('draws the same photos whatever their order', () => {
    const ids = (drawn: readonly { readonly id: number }[]): number[] =>
      drawn.map(({ id }) => id).toSorted((a, b) => a - b);
    expect(ids(tablePhotos(photos.toReversed(), 300))).toEqual(ids(tablePhotos(photos, 300)));
  });

  it('draws the same photos again from those that it drew, as from the answers of an arm that was limited to them', () => {
    // Owner k has k photos, so the last owner of a draw can exceed the count by many.
    const uneven = Array.from({ length: 40 }, (_, k) =>
      Array.from({ length: k }, () => ({ owner: `owner-${k}` })),
    ).flat();
    for (const count of [100, 250, 400, 600]) {
      const drawn = tablePhotos(uneven, count);
      expect(tablePhotos(drawn, count)).toEqual(drawn);
    }
  });

  it('draws all photos if there are fewer', () => {
    expect(tablePhotos(photos, 5000)).toEqual(photos);
  });
});
