import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Place } from '../../../src/core/place.ts';
import { testGazetteer } from '../../../src/gazetteer/test-gazetteer.ts';

function lines<T>(name: string): T[] {
  const text = readFileSync(new URL(name, import.meta.url), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T);
}

type Position = { name: string; latitude: number; longitude: number; city?: string; countryCode: string };
type District = { country: string; region?: string; part: string; city: string };

describe('places of positions', () => {
  it.each(lines<Position>('reverse.jsonl'))('$name', ({ latitude, longitude, city, countryCode }) => {
    const place = testGazetteer().reverse({ latitudeDegrees: latitude, longitudeDegrees: longitude });
    expect(place).toMatchObject({ countryCode, ...(city !== undefined && { city }) });
  });
});

describe('cities and their parts', () => {
  it.each(lines<District>('districts.jsonl'))('$part is $city', ({ part, city, ...base }) => {
    expect(testGazetteer().match({ ...base, city: part }, { ...base, city }).city).toBe(true);
  });

  it('match at most 2 % of neighbouring cities', () => {
    const pairs = lines<{ a: Place; b: Place }>('neighbours.jsonl');
    const matched = pairs
      .filter(({ a, b }) => testGazetteer().match(a, b).city)
      .map(({ a, b }) => `${a.city}, ${b.city}`);
    expect(matched.length / pairs.length, matched.join('; ')).toBeLessThanOrEqual(0.02);
  });

  it.each([
    ['a city state', { country: 'Singapore' }, { country: 'SG', city: 'Singapore' }],
    ['a region that is a city', { country: 'Thailand', region: 'Bangkok' }, { country: 'TH', city: 'Bangkok' }],
  ])('counts %s as the city', (_, named, city) => {
    expect(testGazetteer().match(named, city).city).toBe(true);
    expect(testGazetteer().match(named, { ...city, city: 'Chiang Mai' }).city).toBe(false);
  });

  it('does not count one district as another', () => {
    const country = 'United States';
    expect(testGazetteer().match({ country, city: 'Brooklyn' }, { country, city: 'Manhattan' }).city).toBe(false);
  });
});
