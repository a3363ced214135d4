/**
 * Makes labelled pairs of a photo and a reasoning text. For an annotator's text, the label is the annotator's
 * judgement. For a corrupted text, the label is no. All random choices derive from the seed, so a recipe always gives
 * the same pairs.
 */
import { type Random, random as seeded, seedFrom } from '../../core/random.ts';
import { type Corruption, CORRUPTIONS, corrupt, type PlacedReasoning } from './corruptions.ts';
import type { JudgedReasoning } from './judged-reasoning.ts';
import type { Place } from '../../core/place.ts';
import type { TrainingExample } from '../training-example.ts';

/** A `judged` pair has an annotator's own reasoning text. All other kinds are corruptions. */
export type PairKind = 'judged' | Corruption;

export type Pair = {
  readonly example: TrainingExample;
  readonly reasoning: string;
  /** Label for training: true if the text fits the photo. */
  readonly yes: boolean;
  readonly kind: PairKind;
  /** The place that the reasoning text names, if any. */
  readonly place?: Place;
};

/**
 * Returns true if yes is the correct answer for the pair. Only reports use this function; training uses the pair's
 * label.
 */
export type PairTruth = (pair: Pair) => boolean;

export type PairOptions = {
  readonly seed: number;
  /** Kinds of corruption to apply to reasoning texts that name a place. */
  readonly corruptions?: readonly Corruption[];
  /**
   * 'one' corrupts each reasoning text in one randomly chosen way. 'all' corrupts it in every way of `corruptions`.
   */
  readonly each?: 'one' | 'all';
};

/** Maximum number of random donors to try for each corruption. */
const TRIES = 20;

export function pairsOf(
  judged: readonly JudgedReasoning[],
  { seed, corruptions = CORRUPTIONS, each = 'one' }: PairOptions,
): Pair[] {
  const donors = judged.filter(isPlaced);
  return judged.flatMap((own, i) => {
    const { example, reasoning, localizable, place } = own;
    const pair: Pair = { example, reasoning, yes: localizable, kind: 'judged', ...(place && { place }) };
    if (!isPlaced(own) || corruptions.length === 0) return [pair];
    const random = seeded(seedFrom(`${seed}/${example.id}/${own.annotator}/${i}`));
    const kinds = each === 'all' ? corruptions : [corruptions[random.integer(corruptions.length)]!];
    return [pair, ...kinds.flatMap((kind) => corruptPair(kind, { own, donors, random }) ?? [])];
  });
}

const isPlaced = (judged: JudgedReasoning): judged is PlacedReasoning =>
  judged.localizable && judged.place !== undefined;

function corruptPair(
  kind: Corruption,
  { own, donors, random }: { own: PlacedReasoning; donors: readonly PlacedReasoning[]; random: Random },
): Pair | undefined {
  for (let i = 0; i < TRIES; i++) {
    const donor = donors[random.integer(donors.length)]!;
    if (!isStranger(donor, own)) continue;
    const corruption = corrupt(kind, { own, donor, random });
    if (corruption !== undefined) return { example: own.example, yes: false, kind, ...corruption };
  }
  return undefined;
}

/**
 * Returns true if the photos have different owners and different true countries, and their reasoning texts name
 * different countries.
 */
function isStranger(a: PlacedReasoning, b: PlacedReasoning): boolean {
  const sameOwner = a.example.owner !== undefined && a.example.owner === b.example.owner;
  return !sameOwner && a.example.truth.country !== b.example.truth.country && a.place.country !== b.place.country;
}
