/** The three modes of the paper's Table 5. A mode determines which annotators see a photo and which gates check it. */
import { annotationGate } from './annotation-gate.ts';
import { consistencyGate } from './consistency-gate.ts';
import { correctnessGate } from './correctness-gate.ts';
import { crossModelGate } from './cross-model-gate.ts';
import type { Gate } from './gate.ts';
import { groundingGate } from './grounding-gate.ts';
import { localizabilityGate } from './localizability-gate.ts';
import { solvableGate } from './solvable-gate.ts';
import { annotatorName } from '../recipe/recipe.ts';
import type { AnnotatorRecipe, Recipe } from '../recipe/recipe.ts';
import { drawOf } from '../recipe/draw.ts';

/**
 * Lists the gates of a mode. `random` uses one annotator's answer without verification. `single` checks one annotator's
 * answer against the annotator's own judgement and the true place. `full` uses all annotators and all four gates. The
 * paper gives only the names of the modes, so these details are our choice.
 */
export function gatesOf({ mode, gates }: Recipe): readonly Gate[] {
  const consistency = gates.consistency === null ? [] : [consistencyGate];
  const verification = {
    random: [],
    single: [localizabilityGate, correctnessGate, ...consistency],
    full: [
      localizabilityGate,
      correctnessGate,
      ...consistency,
      crossModelGate,
      ...(gates.grounding === null ? [] : [groundingGate]),
    ],
  }[mode];
  return [annotationGate, ...verification, ...(gates.solvable === null ? [] : [solvableGate])];
}

/** Lists the annotators that a run uses: only the first in single mode, otherwise all. */
export function annotatorsInUse({ mode, annotators }: Pick<Recipe, 'mode' | 'annotators'>): readonly AnnotatorRecipe[] {
  return mode === 'single' ? annotators.slice(0, 1) : annotators;
}

/** Lists the annotators that see a photo. In random mode, this is one annotator, which the photo's id determines. */
export function annotatorsFor(recipe: Recipe, photoId: string): readonly string[] {
  const names = annotatorsInUse(recipe).map(annotatorName);
  if (recipe.mode !== 'random') return names;
  return [names[Math.floor(drawOf(recipe.seed, `annotator:${photoId}`) * names.length)]!];
}
