import { describe, expect, it } from 'vitest';
import { coordinate } from '../../core/coordinate.ts';
import type { MeasuredOutcome } from '../../evaluation/outcome.ts';
import { majorityOf } from './majority.ts';

const truth = { coordinate: coordinate(0, 0) };
const at = (id: string, latitude: number): MeasuredOutcome => ({
  id,
  truth,
  outcome: { kind: 'located', coordinate: coordinate(latitude, 10) },
});
const refused: MeasuredOutcome = { id: 'r', truth, outcome: { kind: 'refused', reason: 'the model declined' } };

describe('majorityOf', () => {
  it('chooses the position with the most answers', () => {
    expect(majorityOf([at('a', 1), at('b', 2), at('c', 2)])?.id).toBe('b');
  });

  it('chooses the first of equally frequent positions', () => {
    expect(majorityOf([at('a', 1), at('b', 2), at('c', 2), at('d', 1)])?.id).toBe('a');
  });

  it('gives answers without a position no vote', () => {
    expect(majorityOf([refused, refused, at('a', 1)])?.id).toBe('a');
    expect(majorityOf([refused])).toBeUndefined();
    expect(majorityOf([])).toBeUndefined();
  });
});
