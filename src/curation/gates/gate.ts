/**
 * The interface of the gates. A gate reads the observations of one photo. It decides whether to keep the photo, gives a
 * reason, and selects the annotators whose reasoning texts the dataset row may use. Gates are pure: a gate first lists
 * its questions about the photo, and decides when all of them are answered. This folder has one file for each gate.
 * modes.ts lists the gates of each mode.
 */
import type { Place } from '../../core/place.ts';
import type { Gazetteer } from '../../gazetteer/gazetteer.ts';
import type { Grounder } from '../../grounding/grounding.ts';
import { keyOf } from '../observe/observation.ts';
import type { Annotation, Observation, Observations, Question } from '../observe/observation.ts';
import type { Photo } from '../observe/photo.ts';
import type { Recipe } from '../recipe/recipe.ts';

/**
 * Names of the gates in the order in which photos pass them: our own checks, the paper's four gates, and our optional
 * gate.
 */
export const GATE_NAMES = [
  'image',
  'quality',
  'place',
  'duplicate',
  'annotation',
  'localizability',
  'correctness',
  'consistency',
  'cross-model',
  'grounding',
  'solvable',
] as const;
export type GateName = (typeof GATE_NAMES)[number];

export type Verdict = {
  readonly gate: GateName;
  readonly passed: boolean;
  /**
   * The value that the gate compares with its threshold. Depending on the gate, it is a confidence, a distance in km, a
   * similarity or a share.
   */
  readonly score?: number;
  /** One sentence that explains the verdict to people. */
  readonly reason: string;
  /** The category of the reason, by which drops are counted. Absent if the photo was not dropped. */
  readonly cause?: string;
};

/** Inputs of the gates that are the same for all photos. */
export type GateInputs = {
  readonly recipe: Recipe;
  readonly gazetteer: Gazetteer;
  readonly grounder: Grounder;
};

export type Subject = GateInputs & {
  readonly photo: Photo;
  /** The true place of the photo. */
  readonly truth: Place;
  /** Names of the annotators that the mode uses, in the recipe's order. */
  readonly annotators: readonly string[];
  readonly observations: Observations;
};

export type GateResult = {
  readonly verdict: Verdict;
  /** Annotators whose reasoning text the row may use, best first. */
  readonly candidates: readonly string[];
};

export type Gate = {
  readonly name: GateName;
  questions(subject: Subject, candidates: readonly string[]): Question[];
  decide(subject: Subject, candidates: readonly string[]): GateResult;
};

/**
 * Returns the observation that answers a question, or undefined if the observation is not of this kind. Throws if the
 * question is unanswered, because all questions must be answered before a gate decides.
 */
export function observed<Kind extends Observation['kind']>(
  observations: Observations,
  question: Question,
  kind: Kind,
): Extract<Observation, { kind: Kind }> | undefined {
  const found = observations.get(keyOf(question));
  if (found === undefined) throw new Error(`The observation ${keyOf(question)} is missing.`);
  return found.kind === kind ? (found as Extract<Observation, { kind: Kind }>) : undefined;
}

/** Returns an annotator's annotation. The annotator must have passed the annotation gate. */
export function annotationOf({ observations }: Pick<Subject, 'observations'>, annotator: string): Annotation {
  return observed(observations, { kind: 'annotation', annotator }, 'annotation')!;
}

/** Creates a gate's result: its verdict and the remaining candidates. */
export function verdict(
  gate: GateName,
  options: Omit<Verdict, 'gate'> & { candidates: readonly string[] },
): GateResult {
  const { candidates, ...rest } = options;
  return { verdict: { gate, ...rest }, candidates };
}
