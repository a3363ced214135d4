/**
 * Pairs (image, reasoning, yes or no). An annotator's own judgement labels its own reasoning; a corrupted reasoning is
 * labelled no. Everything is drawn from the seed, so that the same recipe gives the same pairs.
 */
import { type Random, random as seeded, seedFrom } from '../../core/random.ts';
import { type Corruption, CORRUPTIONS, corrupted, type Placed } from './corruptions.ts';
import type { JudgedReasoning } from './judged-reasoning.ts';
import type { Place } from '../../core/place.ts';
import type { TrainingExample } from '../training-example.ts';

/** `judged`: an annotator's own reasoning of the photo. */
export type PairKind = 'judged' | Corruption;

export type Pair = {
  readonly example: TrainingExample;
  readonly reasoning: string;
  /** The label that training sees. */
  readonly yes: boolean;
  readonly kind: PairKind;
  /** The place that the reasoning names, where it names one. */
  readonly place?: Place;
};

/** Whether yes is the true answer, for reports; never shown to training. */
export type PairTruth = (pair: Pair) => boolean;

export type PairOptions = {
  readonly seed: number;
  /** Kinds of corruption, one drawn for each reasoning that places its photo. */
  readonly corruptions?: readonly Corruption[];
  /** `one` of the kinds, by turns of chance; `all` of them, for tests. */
  readonly each?: 'one' | 'all';
};

/** Donors tried before a corruption is given up. */
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
    return [pair, ...kinds.flatMap((kind) => spoiled(kind, { own, donors, random }) ?? [])];
  });
}

const isPlaced = (judged: JudgedReasoning): judged is Placed => judged.localizable && judged.place !== undefined;

function spoiled(
  kind: Corruption,
  { own, donors, random }: { own: Placed; donors: readonly Placed[]; random: Random },
): Pair | undefined {
  for (let i = 0; i < TRIES; i++) {
    const donor = donors[random.integer(donors.length)]!;
    if (!isStranger(donor, own)) continue;
    const made = corrupted(kind, { own, donor, random });
    if (made !== undefined) return { example: own.example, yes: false, kind, ...made };
  }
  return undefined;
}

/** Another owner's photo of another country, by the photos' own places and by the reasonings' words. */
function isStranger(a: Placed, b: Placed): boolean {
  const sameOwner = a.example.owner !== undefined && a.example.owner === b.example.owner;
  return !sameOwner && a.example.truth.country !== b.example.truth.country && a.place.country !== b.place.country;
}
