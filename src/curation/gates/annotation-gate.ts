/**
 * Requires a parseable answer from every annotator of the recipe's mode. This gate is our addition to the paper's four
 * gates.
 */
import { keyOf } from '../observe/observation.ts';
import { verdict } from './gate.ts';
import type { Gate } from './gate.ts';

export const annotationGate: Gate = {
  name: 'annotation',
  questions: ({ annotators }) => annotators.map((annotator) => ({ kind: 'annotation', annotator })),
  decide: ({ annotators, observations }) => {
    const failures = annotators.flatMap((annotator) => {
      const found = observations.get(keyOf({ kind: 'annotation', annotator }));
      return found?.kind === 'no-annotation' ? [`${annotator}: ${found.reason}`] : [];
    });
    if (failures.length === 0) {
      return verdict('annotation', { passed: true, reason: 'every annotator answered', candidates: annotators });
    }
    const reason = `no annotation by ${failures.join('; ')}`;
    return verdict('annotation', { passed: false, reason, cause: 'malformed or refused answer', candidates: [] });
  },
};
