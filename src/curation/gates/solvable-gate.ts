/**
 * Keeps photos that the current model solves sometimes, but not always. In GRPO, a group of answers that are all right
 * or all wrong has zero advantage and gives no training signal. This gate is our addition and is off by default.
 */
import { observed, verdict } from './gate.ts';
import type { Gate } from './gate.ts';

export const solvableGate: Gate = {
  name: 'solvable',
  questions: ({ recipe }) => (recipe.gates.solvable === null ? [] : [{ kind: 'pass-rate' }]),
  decide: ({ recipe, observations }, candidates) => {
    if (recipe.gates.solvable === null) {
      return verdict('solvable', { passed: true, reason: 'the gate is turned off', candidates });
    }
    const { right, samples } = observed(observations, { kind: 'pass-rate' }, 'pass-rate')!;
    const score = right / samples;
    const reason = `${recipe.gates.solvable.model} solves ${right} of ${samples}`;
    if (right > 0 && right < samples) return verdict('solvable', { passed: true, reason, score, candidates });
    const cause = right === 0 ? 'never solved' : 'always solved';
    return verdict('solvable', { passed: false, cause, reason, score, candidates: [] });
  },
};
