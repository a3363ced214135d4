/**
 * Reads the rows of the reference fixture: 1,000 completions of real models from the shared data, and mutations of
 * these completions.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import fixture from '../../src/reward/fixtures/reference-rewards.json' with { type: 'json' };
import type { RewardInput } from '../../src/reward/reward.ts';

type ResponseRow = Record<
  'model_response' | 'predicted_city' | 'predicted_country' | 'label_city' | 'label_country',
  string
>;

/**
 * Applies the mutation number `kind`. The ten mutations are the same as in scripts/build/fixtures/reference_rewards.py.
 */
function mutated(
  kind: number,
  { model_response: response, predicted_city: city, predicted_country: country }: ResponseRow,
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

/** Reads from `folder` the files that the fixture names. */
export function responseRows(folder: string): (RewardInput & { readonly entityTags: readonly string[] })[] {
  return fixture.files.flatMap((name) => {
    const rows = parse<ResponseRow>(readFileSync(join(folder, name)), { columns: true, bom: true });
    return rows.slice(0, fixture.rowsPerFile).map((row, index) => ({
      id: `${name}:${index}`,
      completion: mutated(index % 10, row),
      truth: { country: row.label_country, city: row.label_city },
      entityTags: fixture.tags.slice(0, index % (fixture.tags.length + 1)),
    }));
  });
}
