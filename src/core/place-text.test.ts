import { expect, it } from 'vitest';
import { placeText } from './place-text.ts';

it('names city and country, and the region on request', () => {
  const place = { city: 'Paris', region: 'Île-de-France', country: 'France' };
  expect([placeText(place), placeText(place, { region: true })]).toEqual([
    'Paris, France',
    'Paris, Île-de-France, France',
  ]);
});

it('leaves out absent and empty parts', () => {
  expect([placeText({ country: 'Peru' }), placeText({ city: 'Kyiv', country: '' }), placeText({})]).toEqual([
    'Peru',
    'Kyiv',
    '',
  ]);
});
