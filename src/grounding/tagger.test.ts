import { expect, it } from 'vitest';
import { openTagger } from './tagger.ts';

// Each load of the language model doubles a text in the model's memory, so that about the 25th load fails.
it('can be opened any number of times in a process', async () => {
  for (let i = 0; i < 40; i++) await openTagger();
  const tag = await openTagger();
  expect([...tag('A red tram stops here.')].flat().map(({ text }) => text)).toEqual([
    'A',
    'red',
    'tram',
    'stops',
    'here',
    '.',
  ]);
});
