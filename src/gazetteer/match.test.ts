import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Place } from '../core/place.ts';
import { testGazetteer } from './test-gazetteer.ts';

const match = (a: Place, b: Place) => testGazetteer().match(a, b);

describe('countries', () => {
  it.each([
    ['USA', 'United States'],
    ['UK', 'United Kingdom'],
    ['Czechia', 'Czech Republic'],
    ['Türkiye', 'Turkey'],
    ['Hong Kong', 'Hong Kong SAR'],
    ['Scotland', 'United Kingdom'],
    ['Burma', 'Myanmar'],
    ['Deutschland', 'Germany'],
    ['Korea', 'South Korea'],
    ["Korea, Democratic People's Republic of", 'North Korea'],
    ['Congo, the Democratic Republic of the', 'DR Congo'],
    ['Georgia, USA', 'United States'],
  ])('%s is %s', (a, b) => {
    expect(match({ country: a }, { country: b }).country).toBe(true);
  });

  it.each([
    ['Niger', 'Nigeria'],
    ['Guinea', 'Guinea-Bissau'],
    ['North Korea', 'South Korea'],
    ['Dominica', 'Dominican Republic'],
    ['Puerto Rico', 'United States'],
    ['Republic of the Congo', 'Democratic Republic of the Congo'],
    ['Congo, the Democratic Republic of the', 'Republic of the Congo'],
    ['Georgia', 'Georgia, USA'],
    ['France (or Germany)', 'France'],
    ['Finland or Sweden', 'Finland'],
    ['Africa', 'South Africa'],
    ['Atlantis', 'Atlantis'],
    ['', ''],
  ])('%s is not %s', (a, b) => {
    expect(match({ country: a }, { country: b }).country).toBe(false);
  });
});

describe('cities', () => {
  it.each([
    ['Sao Paulo', 'São Paulo', 'Brazil'],
    ['New York', 'New York City', 'United States'],
    ['Kyiv', 'Kiev', 'Ukraine'],
    ['Roma', 'Rome', 'Italy'],
    ['Ho Chi Minh', 'Ho Chi Minh City', 'Vietnam'],
    ['Washington', 'Washington D.C.', 'United States'],
    ['Hong Kong', 'Hong Kong City', 'Hong Kong SAR'],
    ['Soweto, Johannesburg', 'Johannesburg', 'South Africa'],
    ['Blorptown', 'blorptown', 'France'],
    ['Frankfurt', 'Frankfurt am Main', 'Germany'],
    ['St. Gallen', 'Sankt Gallen', 'Switzerland'],
    ['Distrito Federal', 'Ciudad de México', 'Mexico'],
    ['Bogotá D.C.', 'Bogota', 'Colombia'],
    ['Gurgaon', 'Gurugram', 'India'],
    ['Köln', 'Cologne', 'Germany'],
    ['Minneapolis / St. Paul', 'Minneapolis', 'United States'],
  ])('%s is %s', (a, b, country) => {
    expect(match({ country, city: a }, { country, city: b })).toMatchObject({ country: true, city: true });
  });

  it.each([
    ['Paris', 'Parish', 'France'],
    ['Paris', 'Parish', 'United States'],
    ['Springfield', 'Springville', 'United States'],
    ['York', 'New York', 'United States'],
    ['Unknown', 'Unknown', 'France'],
    ['Blorptown', 'Zonkville', 'France'],
    ['Frankfurt (Oder)', 'Frankfurt', 'Germany'],
    ['Washington State', 'Washington D.C.', 'United States'],
    ['Paris / Lyon', 'Paris', 'France'],
    ['Paris or Lyon', 'Lyon', 'France'],
    ['Either Paris or Lyon', 'Lyon', 'France'],
    ['Paris (possibly Lyon)', 'Paris', 'France'],
    ['Paris, Lyon', 'Lyon', 'France'],
    ['New York, Los Angeles, Chicago', 'Chicago', 'United States'],
    ['Kyoto, Osaka', 'Osaka', 'Japan'],
  ])('%s is not %s', (a, b, country) => {
    expect(match({ country, city: a }, { country, city: b })).toMatchObject({ country: true, city: false });
  });

  it.each([
    ['Atlanta', 'Georgia', 'United States'],
    ['Pyongyang', 'Korea', 'North Korea'],
    ['Kinshasa', 'Congo', 'Democratic Republic of the Congo'],
    ['San Juan', 'United States', 'Puerto Rico'],
    ['Taipei', 'China', 'Taiwan'],
  ])('%s is one city in “%s” and in “%s”', (city, a, b) => {
    expect(match({ country: a, city }, { country: b, city })).toMatchObject({ country: true, city: true });
    expect(match({ country: b, city }, { country: a, city })).toMatchObject({ country: true, city: true });
  });

  it('in two countries that share a name are different', () => {
    const [atlanta, tbilisi] = ['Atlanta', 'Tbilisi'].map((city) => ({ country: 'Georgia', city }));
    expect(match(atlanta!, tbilisi!)).toMatchObject({ country: false, city: false });
  });

  it('with one name in two countries or regions are different', () => {
    expect(match({ country: 'France', city: 'Paris' }, { country: 'United States', city: 'Paris' }).city).toBe(false);
    const [maine, oregon] = ['Maine', 'Oregon'].map((region) => ({ country: 'US', region, city: 'Portland' }));
    expect(match(maine!, oregon!).city).toBe(false);
  });

  it('in a territory are the same under either country', () => {
    const [a, b] = ['China', 'Hong Kong'].map((country) => ({ country, city: 'Hong Kong' }));
    expect(match(a!, b!)).toMatchObject({ country: true, city: true });
  });

  it('may be given by their GeoNames ids', () => {
    const paris = { country: 'France', geonameId: 2988507 };
    expect(match(paris, { country: 'France', city: 'Lutetia' })).toMatchObject({ city: true, matchedBy: 'alias' });
    expect(match(paris, paris)).toMatchObject({ country: true, city: true, matchedBy: 'id' });
    expect(match(paris, { country: 'France', geonameId: 2996944 })).toMatchObject({ country: true, city: false });
  });

  it('are named in the reason', () => {
    expect(match({ country: 'Italy', city: 'Roma' }, { country: 'Italy', city: 'Rome' })).toEqual({
      country: true,
      city: true,
      matchedBy: 'alias',
      reason: '“Roma” and “Rome” both name Rome in Italy (GeoNames 3169070).',
    });
    expect(match({ country: 'Niger' }, { country: 'Nigeria' }).reason).toBe(
      '“Niger” is NE and “Nigeria” is NG; the first names no city.',
    );
  });
});

describe('the matcher', () => {
  const names = ['Paris', 'Kyiv', 'Kiev', 'Soweto, Johannesburg', 'Johannesburg', 'Springfield', 'Unknown', 'x', ''];
  const countries = ['France', 'Ukraine', 'South Africa', 'USA', 'China', 'Hong Kong', 'Unknown', '', 'Narnia'];
  const places = fc.record({ city: fc.constantFrom(...names), country: fc.constantFrom(...countries) });

  it('is symmetric', () => {
    fc.assert(
      fc.property(places, places, (a, b) => {
        const [forth, back] = [match(a, b), match(b, a)];
        expect([forth.country, forth.city, forth.matchedBy]).toEqual([back.country, back.city, back.matchedBy]);
      }),
    );
  });

  it('never throws, and never finds a city without a country, for any text', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (city, country, other) => {
        const result = match({ city, country }, { city: other, country });
        expect(result.city && !result.country).toBe(false);
      }),
    );
  });

  it('rejects a text that is too long or has too many parts, in bounded time', () => {
    const nice = { country: 'France', city: 'Paris' };
    const long = 'Qwe rty '.repeat(20_000);
    for (const place of [
      { country: 'France', city: long },
      { country: long, city: 'Paris' },
      { country: 'France', region: long, city: 'Paris' },
      { country: 'France', city: 'Qwe,'.repeat(100) },
      { country: 'France', city: 'Lyon/'.repeat(50_000) },
      { country: 'France', city: 'Qwe(((('.repeat(20_000) },
    ]) {
      const result = testGazetteer().match(place, nice);
      expect(result).toMatchObject({ country: false, city: false, matchedBy: 'none' });
      expect(result.reason).toMatch(/names no place: it has \d+ (?:characters|parts), but a name has at most \d+/);
      expect(testGazetteer().geocode(place)).toMatchObject({ kind: 'notFound', reason: result.reason });
    }
    expect(testGazetteer().parsePlace(long)).toBeUndefined();
  });

  it('skips white space and marks of any length around a name', () => {
    const wide = { country: 'France', city: `Paris${' '.repeat(100_000)}` };
    expect(testGazetteer().match(wide, { country: ` ${'\n'.repeat(50_000)}France`, city: 'Paris' }).city).toBe(true);
    const marked = { country: 'France', city: `Pa${'\u0301\u0323'.repeat(150)}ris` };
    expect(testGazetteer().match(marked, { country: 'France', city: 'Paris' })).toMatchObject({ country: true });
  });

  it('does not match two names that share only a qualifier', () => {
    const match = (a: string, b: string, country: string) =>
      testGazetteer().match({ country, city: a }, { country, city: b }).city;
    expect(match('Xinyi District', 'Xizhi District', 'Taiwan')).toBe(false);
    expect(match('Pingxi Township', 'Pingli Township', 'Laos')).toBe(false);
    expect(match('Pingxishan Township', 'Pingxishen Township', 'Laos')).toBe(true);
  });
});
