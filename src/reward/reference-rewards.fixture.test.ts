import { describe, expect, it } from 'vitest';
import { responseRows } from '../../test/support/response-rows.ts';
import { sharedData } from '../../test/support/shared-data.ts';
import type { Score } from '../core/score.ts';
import fixture from './fixtures/reference-rewards.json' with { type: 'json' };
import { referenceAccuracy, referenceFormat, referenceVisual } from './reference-rewards.ts';
import type { Reward, RewardInput } from './reward.ts';

// The fixture holds the results of scripts/build/fixtures/reference_rewards.py, which implements the same formulas in
// Python. The responses of real models are not in the repository, so this test reads them from the shared data folder.
const folder = sharedData('predictions');

async function values(reward: Reward, batch: readonly RewardInput[]): Promise<number[]> {
  const scores: Score[] = await reward.score(batch, { signal: new AbortController().signal });
  return scores.map((score) => (score.kind === 'scored' ? score.value : Number.NaN));
}

describe.skipIf(folder === undefined)(
  'the reference mode on 1,000 completions of real models and mutations of them',
  () => {
    it.each([
      ['accuracy', 0, referenceAccuracy()],
      ['visual', 1, referenceVisual()],
      ['format', 2, referenceFormat()],
    ] as const)('%s equals the release’s formula', async (_, column, reward) => {
      const batch = responseRows(folder!);
      expect(batch).toHaveLength(1000);
      expect(await values(reward, batch)).toEqual(fixture.scores.map((row) => row[column]));
    });
  },
);
