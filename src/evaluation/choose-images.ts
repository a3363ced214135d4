/** Chooses the images of a run if the folder lacks some, and writes notes on how this affects the result. */
import { invalidInput } from '../core/errors.ts';
import type { BenchmarkImage, BenchmarkImages } from './benchmark-images.ts';
import type { MissingPolicy } from './score-file.ts';

/**
 * Returns all images. If `missing` is 'excluded', returns only those in the folder. Throws `invalid-input` if images
 * are missing and `missing` is not set, because images must never be left out silently.
 */
export function chooseImages(
  { images }: Pick<BenchmarkImages, 'images'>,
  { folder, missing }: { readonly folder: string; readonly missing: MissingPolicy | undefined },
): readonly BenchmarkImage[] {
  const present = images.filter(({ path }) => path !== undefined);
  if (present.length === 0) {
    throw invalidInput(
      `None of the ${images.length} images is in ${folder}.`,
      'Check that the ids are names of files in the folder.',
    );
  }
  if (present.length === images.length || missing === 'as-misses') return images;
  if (missing === 'excluded') return present;
  throw invalidInput(
    `${images.length - present.length} of the ${images.length} images are not in ${folder}.`,
    'Choose how to count them: --missing excluded (evaluate only the others) or --missing as-misses (count them as failed).',
  );
}

/** Returns the notes that readers need to judge the result on the chosen images. */
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
          `Published results have ${benchmark.n.toLocaleString('en-US')} images in the denominator, and this result has ${chosen.toLocaleString('en-US')}, so they cannot be compared directly.`,
        ]),
  ];
}
