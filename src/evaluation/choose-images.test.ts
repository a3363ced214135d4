import { describe, expect, it } from 'vitest';
import type { BenchmarkImage } from './benchmark-images.ts';
import { requireBenchmark } from './benchmarks.ts';
import { benchmarkNotes, chooseImages } from './choose-images.ts';

const truth = { coordinate: { latitudeDegrees: 1, longitudeDegrees: 2 } };
const here: BenchmarkImage = { id: 'a', truth, path: '/a' };
const gone: BenchmarkImage = { id: 'b', truth };

describe('chooseImages', () => {
  it('takes all images if none are missing', () => {
    expect(chooseImages({ images: [here] }, { folder: 'f', missing: undefined })).toEqual([here]);
  });

  it('leaves out or keeps missing images only on request', () => {
    const images = [here, gone];
    expect(chooseImages({ images }, { folder: 'f', missing: 'excluded' })).toEqual([here]);
    expect(chooseImages({ images }, { folder: 'f', missing: 'as-misses' })).toEqual(images);
    expect(() => chooseImages({ images }, { folder: 'f', missing: undefined })).toThrow(
      '1 of the 2 images are not in f.',
    );
  });

  it('refuses a folder without any of the images', () => {
    expect(() => chooseImages({ images: [gone] }, { folder: 'f', missing: 'excluded' })).toThrow(
      'None of the 1 images is in f.',
    );
  });
});

it('notes a denominator that differs from published results', () => {
  const benchmark = requireBenchmark('im2gps');
  const notes = benchmarkNotes(
    { name: 'im2gps', benchmark, images: [here, gone], noTruth: 3 },
    { chosen: 1, missing: 'excluded' },
  );
  expect(notes).toEqual([
    '3 rows of the truth file have no position and are in no denominator.',
    '1 of the 2 images were not in the folder: left out.',
    'Published results have 237 images in the denominator, and this result has 1, so they cannot be compared directly.',
  ]);
});
