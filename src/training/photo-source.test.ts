import { describe, expect, it } from 'vitest';
import { loadSplits, type PhotosOptions, type PhotoSource } from './photo-source.ts';

const { signal } = new AbortController();

function recordingSource(count: number) {
  const requests: PhotosOptions[] = [];
  const source: PhotoSource = {
    name: 'photos',
    hasReasonings: false,
    photos: async (options) => {
      requests.push(options);
      const image = {
        bytes: new Uint8Array(),
        mediaType: 'image/png',
        widthPixels: 1,
        heightPixels: 1,
        sha256: '',
      } as const;
      return Array.from({ length: count }, (_, i) => ({ id: `${i}`, image, truth: { country: 'Chile' } }));
    },
  };
  return { source, requests };
}

describe('loadSplits', () => {
  it('requests each split with the seed and the limit of the recipe', async () => {
    const [train, test] = [recordingSource(3), recordingSource(2)];
    const data = { trainImages: 9, imageSeed: 5, evaluationImages: 4 };
    const { photos, heldOut } = await loadSplits({
      source: train.source,
      evaluation: test.source,
      data,
      seed: 1,
      signal,
    });
    expect([photos.length, heldOut.length]).toEqual([3, 2]);
    expect(train.requests).toEqual([{ split: 'train', limit: 9, seed: 5, signal }]);
    expect(test.requests).toEqual([{ split: 'test', limit: 4, seed: 1, signal }]);
  });

  it('returns no held-out photos without an evaluation source, and uses the seed of the run', async () => {
    const { source, requests } = recordingSource(3);
    expect(await loadSplits({ source, data: {}, seed: 7, signal })).toMatchObject({ heldOut: [] });
    expect(requests).toEqual([{ split: 'train', seed: 7, signal }]);
  });

  it('rejects an empty split', async () => {
    const { source } = recordingSource(0);
    await expect(loadSplits({ source, data: {}, seed: 1, signal })).rejects.toThrow(
      'photos has no photos in its train split.',
    );
  });
});
