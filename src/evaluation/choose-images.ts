/** Which images of a benchmark a run takes, where the folder lacks some, and what that means for its numbers. */
import { invalidInput } from '../core/errors.ts';
import type { BenchmarkImage, BenchmarkImages } from './benchmark-images.ts';
import type { MissingPolicy } from './score-file.ts';

/**
 * All images when all are there or the missing count as misses; those that are there when the missing are excluded.
 * Throws `invalid-input` when some are missing and nobody said what they count as: leaving out is never silent.
 */
export function chooseImages(
  { images }: Pick<BenchmarkImages, 'images'>,
  { folder, missing }: { readonly folder: string; readonly missing: MissingPolicy | undefined },
): readonly BenchmarkImage[] {
  const there = images.filter(({ path }) => path !== undefined);
  if (there.length === 0) {
    throw invalidInput(
      `None of the ${images.length} images is in ${folder}.`,
      'Check that the ids are names of its files.',
    );
  }
  if (there.length === images.length || missing === 'as-misses') return images;
  if (missing === 'excluded') return there;
  throw invalidInput(
    `${images.length - there.length} of the ${images.length} images are not in ${folder}.`,
    'Say what they count as: --missing excluded (evaluate what is there) or --missing as-misses (count them as failed).',
  );
}

/** What a reader must know of the benchmark to judge a result on the images that were chosen. */
export function benchmarkNotes(
  { benchmark, images, noTruth }: BenchmarkImages,
  { chosen, missing }: { readonly chosen: number; readonly missing: MissingPolicy | undefined },
): string[] {
  const absent = images.filter(({ path }) => path === undefined).length;
  const treatment = missing === 'as-misses' ? 'counted as failed' : 'left out';
  return [
    ...(benchmark?.note === undefined ? [] : [benchmark.note]),
    ...(noTruth === 0 ? [] : [`${noTruth} rows of the truth file have no position and are in no denominator.`]),
    ...(absent === 0 ? [] : [`${absent} of the ${images.length} images were not in the folder: ${treatment}.`]),
    ...(benchmark?.n === undefined || benchmark.n === chosen
      ? []
      : [
          `Published results have ${benchmark.n.toLocaleString('en-US')} images in the denominator, this one ${chosen.toLocaleString('en-US')}: not comparable as they stand.`,
        ]),
  ];
}
