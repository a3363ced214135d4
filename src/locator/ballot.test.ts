import { describe, expect, it } from 'vitest';
import { fakeGazetteer } from '../../test/support/fake-gazetteer.ts';
import { distanceKm } from '../core/distance.ts';
import type { Place } from '../core/place.ts';
import type { Ballot, MatchPlaces } from './ballot.ts';
import { largestGroup, meanDistanceKm, medoidOf, names, sameAnswer, samePlaceAt } from './ballot.ts';

const match: MatchPlaces = (a, b) => fakeGazetteer.match(a, b);

/** Creates a ballot on the equator, where one degree is 111.195 km. */
function at(longitudeDegrees: number, place?: Place): Ballot {
  const coordinate = { latitudeDegrees: 0, longitudeDegrees };
  return {
    sample: { answer: { kind: 'coordinate', coordinate, reasoning: '' } },
    located: { coordinate, granularity: 'coordinate', ...(place !== undefined && { place }) },
  };
}

const paris = at(0, { country: 'France', region: 'Île-de-France', city: 'Paris' });
const parisElsewhere = at(9, { country: 'france', region: 'Centre', city: 'paris' });
const texas = at(0, { country: 'USA', region: 'Texas', city: 'Paris' });
const ileDeFrance = at(1, { country: 'France', region: 'Île-de-France' });
const centre = at(1, { country: 'France', region: 'Centre' });
const france = at(2, { country: 'France' });
const nowhere = at(0);
const unlocated: Ballot = { sample: nowhere.sample };

describe('sameAnswer', () => {
  it.each([
    ['one city in two spellings', paris, parisElsewhere, true],
    ['one name in two countries', paris, texas, false],
    ['a city and its region', paris, ileDeFrance, false],
    ['one region', ileDeFrance, at(5, ileDeFrance.located!.place), true],
    ['two regions of a country', ileDeFrance, centre, false],
    ['a region and its country', ileDeFrance, france, false],
    ['one country', france, at(7, { country: 'FRANCE' }), true],
    ['a place and a position', paris, nowhere, false],
    ['a place and nothing', paris, unlocated, false],
    ['two positions on one spot', nowhere, at(0), true],
    ['two positions far apart', nowhere, at(1), false],
  ])('%s', (_, a, b, same) => {
    expect(sameAnswer(a, b, match)).toBe(same);
    expect(sameAnswer(b, a, match)).toBe(same);
  });

  it('counts positions at exactly 25 km as one', () => {
    // An arc of 25 km on a sphere with a radius of 6371.0088 km. For exactly this double, distanceKm returns 25.
    const degrees = 0.2248300909311345;
    expect(distanceKm(nowhere.located!.coordinate, at(degrees).located!.coordinate)).toBe(25);
    expect(sameAnswer(nowhere, at(degrees), match)).toBe(true);
    expect(sameAnswer(nowhere, at(degrees * (1 + 1e-9)), match)).toBe(false);
  });
});

describe('samePlaceAt', () => {
  it.each([
    ['city', paris, parisElsewhere, true],
    ['city', paris, texas, false],
    ['city', paris, ileDeFrance, false],
    ['region', paris, ileDeFrance, true],
    ['region', paris, centre, false],
    ['region', at(0, { country: 'A', region: 'North' }), at(0, { country: 'B', region: 'North' }), false],
    ['region', france, france, false],
    ['country', paris, france, true],
    ['country', paris, texas, false],
    ['country', nowhere, france, false],
    ['country', france, nowhere, false],
    ['country', france, unlocated, false],
    ['country', unlocated, france, false],
  ] as const)('%s', (level, a, b, same) => {
    expect(samePlaceAt(level, { a, b, match })).toBe(same);
  });

  it('asks for the country even where the matcher finds one city', () => {
    const cityOnly = () => ({ country: false, city: true, matchedBy: 'exact', reason: '' }) as const;
    expect(samePlaceAt('city', { a: paris, b: texas, match: cityOnly })).toBe(false);
  });
});

describe('names', () => {
  it.each([
    [paris, ['city', 'region', 'country']],
    [ileDeFrance, ['region', 'country']],
    [france, ['country']],
    [at(0, { country: '', countryCode: 'FR' }), ['country']],
    [at(0, { country: '', city: 'Paris' }), ['city']],
    [nowhere, []],
    [unlocated, []],
  ])('ballot %# at its levels', (ballot: Ballot, levels) => {
    expect((['city', 'region', 'country'] as const).filter((level) => names(ballot, level))).toEqual(levels);
  });
});

describe('largestGroup', () => {
  const sameCountry = (a: Ballot, b: Ballot): boolean => a.located!.place?.country === b.located!.place?.country;
  const of = (country: string, longitude: number): Ballot => at(longitude, { country });

  it('is the group with the most members, wherever it stands', () => {
    const [a, b, c, d] = [of('A', 0), of('B', 50), of('C', 0), of('B', 51)];
    expect(largestGroup([a, b, c, d], sameCountry)).toEqual([b, d]);
  });

  it('is the largest also where a smaller one is nearer to all', () => {
    const [a, b, c, d, e] = [of('A', 40), of('B', 50), of('B', 60), of('C', 0), of('D', -20)];
    expect(largestGroup([a, b, c, d, e], sameCountry)).toEqual([b, c]);
  });

  it('is, of several, the one whose medoid is nearest to all ballots', () => {
    const [far, near, middle] = [of('A', 90), of('B', 1), of('C', 0)];
    expect(largestGroup([far, near, middle], sameCountry)).toEqual([near]);
  });

  it('is the first of those that are equally near', () => {
    const [a, b] = [of('A', 0), of('B', 10)];
    expect(largestGroup([a, b], sameCountry)).toEqual([a]);
  });

  it('is absent without ballots', () => {
    expect(largestGroup([], sameCountry)).toBeUndefined();
  });
});

describe('medoidOf and meanDistanceKm', () => {
  const cast = [at(0), at(3), at(2)];

  it('choose the ballot nearest to the others', () => {
    expect(medoidOf(cast)).toEqual({ ...cast[2]!.located, ballot: cast[2] });
  });

  it('measure from it to all ballots', () => {
    expect(meanDistanceKm(cast[2]!.located!.coordinate, cast)).toBeCloseTo(111.195, 2);
  });
});
