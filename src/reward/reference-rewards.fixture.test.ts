import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { sharedData } from '../../test/support/shared-data.ts';
import type { Score } from '../core/score.ts';
import fixture from './fixtures/reference-rewards.json' with { type: 'json' };
import { referenceAccuracy, referenceFormat, referenceVisual } from './reference-rewards.ts';
import type { Reward, RewardInput } from './reward.ts';

// The fixture holds the numbers of scripts/fixtures/reference_rewards.py, which writes the formulas a second time, in
// Python; the responses of real models are not part of the project and are read from beside it.
const folder = sharedData('predictions');

type Row = Record<'model_response' | 'predicted_city' | 'predicted_country' | 'label_city' | 'label_country', string>;

/** The same ten mutations as in the script. */
function mutated(
  kind: number,
  { model_response: response, predicted_city: city, predicted_country: country }: Row,
): string {
  const plain = `<think>${response}</think><answer>country: ${country}\ncity: ${city}</answer>`;
  return [
    response,
    plain,
    `<think>${response}</think>\n<answer> country: ${country}, city: ${city} </answer>`,
    plain.replaceAll('<answer>', '<answer>\n'),
    plain.toUpperCase(),
    `<think>${response}</think><answer>city: ${city}\ncountry: ${country}</answer>`,
    `${plain} extra`,
    `<answer>country: ${country}\ncity: ${city}</answer>${plain}`,
    plain.replaceAll('country:', 'Country:'),
    `<think>${response}<answer>country:   ${country}  \ncity:\n${city}</answer>`,
  ][kind]!;
}

function inputs(): RewardInput[] {
  return fixture.files.flatMap((name) => {
    const rows = parse<Row>(readFileSync(`${folder}/${name}`), { columns: true, bom: true });
    return rows.slice(0, fixture.rowsPerFile).map((row, index) => ({
      id: `${name}:${index}`,
      completion: mutated(index % 10, row),
      truth: { country: row.label_country, city: row.label_city },
      entityTags: fixture.tags.slice(0, index % (fixture.tags.length + 1)),
    }));
  });
}

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
      const batch = inputs();
      expect(batch).toHaveLength(1000);
      expect(await values(reward, batch)).toEqual(fixture.scores.map((row) => row[column]));
    });
  },
);
