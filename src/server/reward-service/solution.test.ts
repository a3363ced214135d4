import { describe, expect, it } from 'vitest';
import { placeOfSolution } from './solution.ts';

describe('placeOfSolution', () => {
  it.each([
    'France\tParis',
    '<country>France</country><city>Paris</city>',
    'country: France\ncity: Paris',
    '  Country :  France\r\n City:Paris ',
    'country: France, city: Paris',
    'Country: France; City: Paris',
    'city: Paris, country: France',
    'city: Paris | country: France',
    '{"country": "France", "city": "Paris"}',
    '{"city":"Paris","country":"France"}\n',
    '[{"country": "France", "city": "Paris"}]',
    'Paris, France',
    ' Paris, France\n',
    '<answer>country: France\ncity: Paris</answer>',
  ])('reads %j', (solution) => {
    expect(placeOfSolution(solution)).toEqual({ country: 'France', city: 'Paris' });
  });

  it('does not read a value from another line', () => {
    expect(placeOfSolution('country:\nFrance')).toBeUndefined();
    expect(placeOfSolution('country: France\ncity:\n')).toEqual({ country: 'France' });
  });

  it.each(['', 'unknown', '48.85, 2.35', '{"city": "Paris"}', 'I cannot say.', 'null'])(
    'finds no country in %j',
    (text) => {
      expect(placeOfSolution(text)).toBeUndefined();
    },
  );

  it.each(['\n', ' ', '\r', '\u2028', '\u2029', '\u0085', '\v', '<country>', '<', 'country', 'country:'])(
    'reads half a megabyte of %j quickly',
    (unit) => {
      expect(placeOfSolution(`x${unit.repeat(60_000)}x`)).toBeUndefined();
    },
  );
});
