/** Counts how often the honest reasoning text about a photo scores above each of the others, with intervals. */
import { proportion, type Proportion } from '../../src/core/statistics/proportion.ts';
import { byKind, KINDS, type Kind } from './labelled.ts';

export type Scores = Readonly<Record<Kind, number>>;

export type Comparison = {
  /** Share of pairs in which the honest text scores strictly higher, with its 95 % interval (Wilson). */
  readonly honestAbove: Readonly<Record<string, Proportion>>;
  readonly meanScore: Scores;
};

export function compare(photos: readonly Scores[]): Comparison {
  const others = KINDS.filter((kind) => kind !== 'honest');
  return {
    honestAbove: Object.fromEntries(
      others.map((kind) => [
        kind,
        proportion(photos.filter((scores) => scores.honest > scores[kind]).length, photos.length)!,
      ]),
    ),
    meanScore: byKind((kind) => photos.reduce((sum, scores) => sum + scores[kind], 0) / photos.length),
  };
}
