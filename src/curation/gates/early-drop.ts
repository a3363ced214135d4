/**
 * Asks the questions of full mode in the order of their prices (`order: price`), one after the other. After each
 * answer, a photo that no further answer can save is dropped. For all other photos, the gates then decide in the
 * paper's order. The order of questions therefore changes which annotators are asked, but not which photos are kept.
 *
 * Every rule here must hold for any answers of the annotators that have not been asked yet. A wrong city, for example,
 * is no reason to drop a photo: another annotator can name a place that agrees with both.
 */
import type { Question } from '../observe/observation.ts';
import { imageTokens } from '../../vision/image-tokens.ts';
import { annotatorName } from '../recipe/recipe.ts';
import type { AnnotatorRecipe, Recipe } from '../recipe/recipe.ts';
import { annotationGate } from './annotation-gate.ts';
import { correctnessGate, gpsFarOff } from './correctness-gate.ts';
import { placedApart } from './cross-model-gate.ts';
import { annotationOf } from './gate.ts';
import type { GateResult, Subject, Verdict } from './gate.ts';
import { localizabilityGate } from './localizability-gate.ts';
import { placeText } from '../../core/place-text.ts';
import { verdict } from './gate.ts';

/** A question, and the check that can drop the photo after the question's answer. */
export type EarlyStep = {
  readonly question: Question;
  /** Returns the verdict that drops the photo, or undefined if the photo may still be kept. */
  drop(subject: Subject): Verdict | undefined;
};

/**
 * Returns the steps before the gates decide. There are none in other modes, in which only one annotator sees a photo.
 */
export function earlySteps(recipe: Recipe): readonly EarlyStep[] {
  if (recipe.mode !== 'full' || recipe.order === 'paper') return [];
  const names = byPrice(recipe.annotators).map(annotatorName);
  const position: EarlyStep = {
    question: { kind: 'position' },
    drop: (subject) => failed(localizabilityGate.decide(subject, [])) ?? failed(gpsFarOff(subject)),
  };
  return [
    ...(recipe.gps === null ? [] : [position]),
    ...names.map((annotator, i): EarlyStep => ({
      question: { kind: 'annotation', annotator },
      drop: (subject) => annotatorsDrop(subject, names.slice(0, i + 1)),
    })),
  ];
}

/**
 * Sorts annotators by their price per photo, if all of them have a price in the same currency. Otherwise keeps their
 * order.
 */
export function byPrice(annotators: readonly AnnotatorRecipe[]): readonly AnnotatorRecipe[] {
  const currencies = new Set(annotators.map(({ price }) => price?.currency));
  if (currencies.size !== 1 || currencies.has(undefined)) return annotators;
  const priceOf = ({ model, price }: AnnotatorRecipe): number =>
    (imageTokens(model, TYPICAL_SIZE) + PROMPT_TOKENS) * price!.promptPerMillionTokens +
    COMPLETION_TOKENS * price!.completionPerMillionTokens;
  return annotators.toSorted((a, b) => priceOf(a) - priceOf(b));
}

/** Typical sizes of a photo, the prompt and an annotation. They affect only the order of the annotators. */
const TYPICAL_SIZE = { widthPixels: 1024, heightPixels: 768 } as const;
const PROMPT_TOKENS = 300;
const COMPLETION_TOKENS = 160;

/** Returns the verdict that drops the photo after the answers of the annotators `names`, if there is one. */
function annotatorsDrop(subject: Subject, names: readonly string[]): Verdict | undefined {
  const known = { ...subject, annotators: names };
  return (
    failed(annotationGate.decide(known, names)) ??
    failed(localizabilityGate.decide(known, names)) ??
    foreign(subject, names.at(-1)!) ??
    failed(placedApart(known))
  );
}

/**
 * Drops the photo if an annotator names a place in another country. In full mode, all annotators must agree on the
 * place and one of them must be right, so no other answer can save the photo. Places that can be attributed to two
 * countries and places near a border are left to the gates: there, another annotator could agree with both.
 */
function foreign(subject: Subject, annotator: string): Verdict | undefined {
  const { gazetteer, truth, photo } = subject;
  const place = annotationOf(subject, annotator).place!;
  const answer = gazetteer.geocode({ country: place.country });
  const own = gazetteer.geocode({ country: truth.country });
  if (answer.kind !== 'found' || own.kind !== 'found' || gazetteer.match(place, truth).country) return undefined;
  if (gazetteer.match({ country: place.country }, { country: truth.country }).country) return undefined;
  const named = gazetteer.geocode(place);
  const isShared =
    named.kind !== 'found' ||
    gazetteer.contains({ country: place.country }, photo.coordinate) ||
    gazetteer.contains({ country: truth.country }, named.coordinate);
  if (isShared) return undefined;
  const reason = `${annotator} says ${placeText(place)}; the true place is ${placeText(truth)}`;
  return verdict(correctnessGate.name, { passed: false, cause: 'wrong country', reason, candidates: [] }).verdict;
}

const failed = (result: GateResult | undefined): Verdict | undefined =>
  result === undefined || result.verdict.passed ? undefined : result.verdict;
