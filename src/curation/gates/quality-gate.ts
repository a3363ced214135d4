/**
 * Drops images that are tiny, blank or almost all of one shade. It needs no model. This gate is our addition to the
 * paper's four gates.
 */
import type { Observation } from '../observe/observation.ts';
import type { Recipe } from '../recipe/recipe.ts';
import { verdict } from './gate.ts';
import type { Verdict } from './gate.ts';

type Image = Extract<Observation, { kind: 'image' }>;

/**
 * Returns the verdict that drops the image. Returns undefined if the image is good enough, or if a run of an older
 * version did not measure it.
 */
export function qualityDrop(
  { widthPixels, heightPixels, contrast, flatShare }: Image,
  quality: Recipe['gates']['quality'],
): Verdict | undefined {
  if (quality === null) return undefined;
  const drop = (cause: string, options: { reason: string; score: number }): Verdict =>
    verdict('quality', { passed: false, cause, ...options, candidates: [] }).verdict;
  const side = Math.min(widthPixels, heightPixels);
  if (side < quality.minSidePixels) {
    return drop('too small', { reason: `${side} pixels wide or high, below ${quality.minSidePixels}`, score: side });
  }
  if (contrast !== undefined && contrast < quality.minContrast) {
    return drop('blank', { reason: `contrast ${contrast}, below ${quality.minContrast}`, score: contrast });
  }
  if (flatShare !== undefined && flatShare > quality.maxFlatShare) {
    const reason = `${flatShare} of the image has one shade, more than ${quality.maxFlatShare}`;
    return drop('nearly all of one shade', { reason, score: flatShare });
  }
  return undefined;
}
