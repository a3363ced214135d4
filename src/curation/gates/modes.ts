/** The three modes of the paper's Table 5: which annotators are asked, and which gates a photo passes. */
import { annotationGate } from './annotation-gate.ts';
import { correctnessGate } from './correctness-gate.ts';
import { crossModelGate } from './cross-model-gate.ts';
import type { Gate } from './gate.ts';
import { groundingGate } from './grounding-gate.ts';
import { localizabilityGate } from './localizability-gate.ts';
import { solvableGate } from './solvable-gate.ts';
import { annotatorName } from '../recipe/recipe.ts';
import type { Recipe } from '../recipe/recipe.ts';
import { drawOf } from '../recipe/draw.ts';

/**
 * random: whatever one annotator said, unverified. single: one annotator, checked by what it says itself and by the
 * photo's own place. full: all annotators and all four gates. The paper names the three and says no more: our choice.
 */
export function gatesOf({ mode, gates }: Recipe): readonly Gate[] {
  const verification = {
    random: [],
    single: [localizabilityGate, correctnessGate],
    full: [localizabilityGate, correctnessGate, crossModelGate, ...(gates.grounding === null ? [] : [groundingGate])],
  }[mode];
  return [annotationGate, ...verification, ...(gates.solvable === null ? [] : [solvableGate])];
}

/** The annotators that a photo is shown to: one drawn by the photo's id, the first, or all. */
export function annotatorsFor({ mode, annotators, seed }: Recipe, photoId: string): readonly string[] {
  const names = annotators.map(annotatorName);
  switch (mode) {
    case 'random':
      return [names[Math.floor(drawOf(seed, `annotator:${photoId}`) * names.length)]!];
    case 'single':
      return names.slice(0, 1);
    case 'full':
      return names;
  }
}
