/**
 * Gate 1 of the paper: drops a photo if any candidate calls it not localizable or names no country, or if the GPS
 * annotator's confidence is low. In single mode, there is only one candidate and no GPS annotator.
 */
import { defined } from '../../core/defined.ts';
import type { Question } from '../observe/observation.ts';
import { annotationOf, observed, verdict } from './gate.ts';
import type { Gate, GateResult } from './gate.ts';

const POSITION: Question = { kind: 'position' };

export const localizabilityGate: Gate = {
  name: 'localizability',
  questions: ({ recipe }) => (recipe.mode === 'full' && recipe.gps !== null ? [POSITION] : []),
  decide: (subject, candidates) => {
    const { recipe, observations } = subject;
    const drop = (cause: string, reason: string, score?: number): GateResult =>
      verdict('localizability', {
        passed: false,
        cause,
        reason,
        candidates: [],
        ...defined({ score }),
      });

    const refusing = candidates.filter((name) => !annotationOf(subject, name).localizable);
    if (refusing.length > 0)
      return drop(
        'a model calls it not localizable',
        `${refusing.join(' and ')} ${refusing.length === 1 ? 'calls' : 'call'} it not localizable`,
      );
    const placeless = candidates.filter((name) => annotationOf(subject, name).place === undefined);
    if (placeless.length > 0)
      return drop(
        'no country named',
        `${placeless.join(' and ')} ${placeless.length === 1 ? 'names' : 'name'} no country`,
      );
    if (recipe.mode !== 'full' || recipe.gps === null) {
      return verdict('localizability', { passed: true, reason: 'called localizable', candidates });
    }

    const { minGpsConfidence } = recipe.gates.localizability;
    const position = observed(observations, POSITION, 'position');
    if (position === undefined) return drop('no GPS position', `${recipe.gps.model} gives no position`);
    const { confidence } = position;
    if (confidence === undefined && minGpsConfidence > 0)
      return drop('no GPS confidence', `${recipe.gps.model} gives no confidence`);
    if (confidence !== undefined && confidence < minGpsConfidence) {
      const reason = `${recipe.gps.model} has confidence ${confidence.toFixed(3)}, below ${minGpsConfidence}`;
      return drop('the GPS annotator is not confident', reason, confidence);
    }
    return verdict('localizability', {
      passed: true,
      reason: 'called localizable, and the GPS annotator is confident',
      candidates,
      ...defined({ score: confidence }),
    });
  },
};
