/**
 * The interface of the gates. A gate reads the observations of one photo and decides whether the photo stays, why, and
 * which annotators' reasonings may still be used for the row. Gates are pure: a gate first lists the questions that it
 * needs answered, then decides. This group holds one file for each gate, and the modes, which choose the gates.
 */
import type { Place } from '../../core/place.ts';
import type { Gazetteer } from '../../gazetteer/gazetteer.ts';
import type { Grounder } from '../../grounding/grounding.ts';
import { keyOf } from '../observe/observation.ts';
import type { Annotation, Observation, Observations, Question } from '../observe/observation.ts';
import type { Photo } from '../observe/photo.ts';
import type { Recipe } from '../recipe/recipe.ts';

/** In the order of the pipeline: our checks before the paper's gates, the paper's four gates, and our optional gate. */
export const GATE_NAMES = [
  'image',
  'place',
  'annotation',
  'localizability',
  'correctness',
  'cross-model',
  'grounding',
  'solvable',
] as const;
export type GateName = (typeof GATE_NAMES)[number];

export type Verdict = {
  readonly gate: GateName;
  readonly passed: boolean;
  /** The value compared with the threshold, if it is a number: a confidence, km, a similarity, a share. */
  readonly score?: number;
  /** One sentence for people. */
  readonly reason: string;
  /** The category of the reason, for counting; only in a verdict that drops the photo. */
  readonly cause?: string;
};

/** The inputs of gates besides observations; the same for every photo. */
export type GateInputs = {
  readonly recipe: Recipe;
  readonly gazetteer: Gazetteer;
  readonly grounder: Grounder;
};

export type Subject = GateInputs & {
  readonly photo: Photo;
  /** The photo's own place. */
  readonly truth: Place;
  /** Names of the annotators that the mode uses, in the recipe's order. */
  readonly annotators: readonly string[];
  readonly observations: Observations;
};

export type GateResult = {
  readonly verdict: Verdict;
  /** Annotators whose reasoning may be used for the row, best first. */
  readonly candidates: readonly string[];
};

export type Gate = {
  readonly name: GateName;
  questions(subject: Subject, candidates: readonly string[]): Question[];
  decide(subject: Subject, candidates: readonly string[]): GateResult;
};

/** The observation that answers a question. Gates decide after their questions are answered, so a missing one is a bug. */
export function observed<Kind extends Observation['kind']>(
  observations: Observations,
  question: Question,
  kind: Kind,
): Extract<Observation, { kind: Kind }> | undefined {
  const found = observations.get(keyOf(question));
  if (found === undefined) throw new Error(`The observation ${keyOf(question)} is missing.`);
  return found.kind === kind ? (found as Extract<Observation, { kind: Kind }>) : undefined;
}

/** The annotation of an annotator that passed the annotation gate. */
export function annotationOf({ observations }: Pick<Subject, 'observations'>, annotator: string): Annotation {
  return observed(observations, { kind: 'annotation', annotator }, 'annotation')!;
}

/** A verdict that keeps the candidates, or drops the photo. */
export function verdict(
  gate: GateName,
  options: Omit<Verdict, 'gate'> & { candidates: readonly string[] },
): GateResult {
  const { candidates, ...rest } = options;
  return { verdict: { gate, ...rest }, candidates };
}
