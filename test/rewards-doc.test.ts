import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { rewardDefinitions } from '../src/reward/registry.ts';

it('lists every reward in docs/rewards.md, with its inputs and its score', async () => {
  const text = await readFile(new URL('../docs/rewards.md', import.meta.url), 'utf8');
  const rows = text.split('\n').filter((line) => line.startsWith('| `'));
  const cells = rows.map((row) => row.split('|').map((cell) => cell.trim().replaceAll('`', '')));
  expect(cells.map(([, name, inputs, scores]) => [name, inputs, scores])).toEqual(
    rewardDefinitions().map(({ name, inputs, description }) => [name, inputs.join(', ') || '–', description]),
  );
});
