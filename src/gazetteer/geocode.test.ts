import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isCoordinate } from '../core/coordinate.ts';
import { defined } from '../core/defined.ts';
import { distanceKm } from '../core/distance.ts';
import { areas } from './area-facts.ts';
import type { GeocodeResult } from './gazetteer.ts';
import { testGazetteer } from './test-gazetteer.ts';

/** Returns the geocoded place as 'granularity: city, region, code', or the reason why it was not found. */
function locate(city: string, country: string, region?: string): string {
  const result = testGazetteer().geocode({ country, city, ...defined({ region }) });
  if (result.kind === 'notFound') return `notFound: ${result.reason}`;
  const { place, granularity } = result;
  return `${granularity}: ${[place.city, place.region, place.countryCode].filter(Boolean).join(', ')}`;
}

describe('geocoding a name', () => {
  it.each([
    ['Paris', 'France', 'exact'],
    ['paris', 'France', 'fold'],
    ['Sao Paulo', 'Brazil', 'fold'],
    ['Kiev', 'Ukraine', 'alias'],
    ['Москва', 'Россия', 'alias'],
    ['東京', 'Japan', 'alias'],
    ['Dnipropetrovk', 'Ukraine', 'edit'],
  ])('reports how %s, %s was matched', (city, country, matchedBy) => {
    expect(testGazetteer().geocode({ city, country })).toMatchObject({ kind: 'found', granularity: 'city', matchedBy });
  });

  it('locates Paris', () => {
    const result = testGazetteer().geocode({ city: 'Paris', country: 'France' });
    const eiffelTower = { latitudeDegrees: 48.8584, longitudeDegrees: 2.2945 };
    expect(result.kind === 'found' && distanceKm(result.coordinate, eiffelTower)).toBeLessThan(5);
  });

  it('prefers a GeoNames id to the name', () => {
    const result = testGazetteer().geocode({ country: 'China', city: 'Shenzhen', geonameId: 1795566 });
    expect(result).toMatchObject({ kind: 'found', matchedBy: 'id', place: { geonameId: 1795566 } });
  });

  it('lists at most five places of the name, the winner first', () => {
    const result = testGazetteer().geocode({ city: 'Springfield', country: 'United States' });
    expect(result.kind === 'found' && result.candidates).toHaveLength(5);
    expect(result.kind === 'found' && result.candidates[0]!.place).toEqual(result.kind === 'found' && result.place);
  });

  it('prefers the most populous place, and a capital under its alias', () => {
    expect(locate('Portland', 'United States')).toBe('city: Portland, Oregon, US');
    expect(locate('Washington', 'United States')).toBe('city: Washington, District of Columbia, US');
    expect(locate('Barcelona', '')).toBe('city: Barcelona, Catalonia, ES');
  });

  it('lets the region decide', () => {
    expect(locate('Paris', 'United States', 'Texas')).toBe('city: Paris, Texas, US');
    expect(locate('Springfield', 'USA', 'MO')).toBe('city: Springfield, Missouri, US');
    expect(locate('Portland, Maine', 'USA')).toBe('city: Portland, Maine, US');
    expect(locate('Paris', 'Texas, USA')).toBe('city: Paris, Texas, US');
  });
});

describe('qualifiers', () => {
  it.each([
    ['near Kharkiv', 'Ukraine', 'city: Kharkiv, Kharkiv, UA'],
    ['Kyiv (outskirts)', 'Ukraine', 'city: Kyiv, Kyiv City, UA'],
    ['Soweto, Johannesburg', 'South Africa', 'city: Soweto, Gauteng, ZA'],
    ['Old Town, Prague', 'Czech Republic', 'city: Prague, Prague, CZ'],
    ['Greater London', 'United Kingdom', 'city: London, England, GB'],
    ['Taichung City', 'Taiwan', 'city: Taichung, Taiwan, TW'],
    ['Mendocino County', 'United States', 'region: Mendocino County, California, US'],
    ['Bloomfield Township', 'United States', 'city: Bloomfield Township, Michigan, US'],
    ['Bloomfield town', 'United States', 'city: Bloomfield, New Jersey, US'],
    ['Downtown Austin, TX', 'USA', 'city: Austin, Texas, US'],
    ['Sydney suburbs', 'Australia', 'city: Sydney, New South Wales, AU'],
    ['Chicago metropolitan area', 'United States', 'city: Chicago, Illinois, US'],
    ['City of Cape Town', 'South Africa', 'city: Cape Town, Western Cape, ZA'],
    ['Kiev / Kyiv', 'Ukraine', 'city: Kyiv, Kyiv City, UA'],
    ['Fremont, Seattle, WA', 'United States', 'city: Seattle, Washington, US'],
    ['Hollywood, Los Angeles', 'United States', 'city: Hollywood, California, US'],
    ['Dale Hollow Lake, Tennessee/Kentucky', 'United States', 'region: Tennessee, US'],
    ['Madrid, Spain', 'Spain', 'city: Madrid, Madrid, ES'],
    ['Bali', 'Indonesia', 'region: Bali, ID'],
    ['Tuscany', 'Italy', 'region: Tuscany, IT'],
    ['Toscana', 'Italy', 'region: Tuscany, IT'],
    ['California', 'United States', 'region: California, US'],
    ['Forest', 'Belgium', 'city: Forest, Brussels Capital, BE'],
    ['County Kerry', 'Ireland', 'region: Kerry, Munster, IE'],
    ['North Region', 'Cameroon', 'region: North, CM'],
  ])('reads %s, %s', (city, country, expected) => {
    expect(locate(city, country)).toBe(expected);
  });

  it('reports the looked-up name when it differs from the query', () => {
    expect(testGazetteer().geocode({ city: 'near Kharkiv', country: 'Ukraine' })).toMatchObject({
      interpretedAs: 'kharkiv',
    });
    expect(testGazetteer().geocode({ city: 'Kharkiv', country: 'Ukraine' })).not.toHaveProperty('interpretedAs');
  });
});

describe('islands, coasts and regions in the city field', () => {
  it.each([
    ['Luzon', 'Philippines', 'region: Luzon, PH'],
    ['Luzon Island', 'Philippines', 'region: Luzon, PH'],
    ['Manila, Luzon', 'Philippines', 'city: Manila, National Capital Region, PH'],
    ['São Miguel Island', 'Portugal', 'region: São Miguel, PT'],
    ['Fraser Island', 'Australia', "region: K'gari, AU"],
    ['Miyako Island', 'Japan', 'region: Miyako Island, JP'],
    ['Bay Area', 'United States', 'region: San Francisco Bay Area, US'],
    ['New England', 'United States', 'region: New England, US'],
    ['Big Island', 'United States', 'region: Big Island, US'],
    ['Kashmir', 'Pakistan', 'region: Azad Kashmir, PK'],
    ['Mykonos Island', 'Greece', 'city: Mykonos, South Aegean, GR'],
    ['Santorini Island', 'Greece', 'city: Firá, South Aegean, GR'],
    // Ibiza is the name of both an island and a town on it. The result is the town.
    ['Ibiza', 'Spain', 'city: Ibiza, Balearic Islands, ES'],
  ])('reads %s, %s', (city, country, expected) => {
    expect(locate(city, country)).toBe(expected);
  });

  it('puts every area of the table into its country, and finds it by each of its names', () => {
    for (const { names, country, latitude, longitude } of areas) {
      const at = { latitudeDegrees: latitude, longitudeDegrees: longitude };
      expect([names[0], testGazetteer().reverse(at)?.countryCode]).toEqual([names[0], country]);
      for (const name of names) {
        const result = testGazetteer().geocode({ country, city: name });
        // The name may also mean a nearby town, so the position may differ.
        expect([name, result.kind === 'found' && distanceKm(result.coordinate, at) < 60]).toEqual([name, true]);
      }
    }
  });

  it('notes a text that names no place by itself', () => {
    expect(testGazetteer().geocode({ city: 'Rural Area', country: 'United States' })).toMatchObject({
      granularity: 'country',
      note: '“Rural Area” names no place by itself.',
    });
  });
});

describe('codes and denials', () => {
  it.each(['NA', 'N.A.', 'n/a', 'nan', 'no', 'None', 'Unknown'])('does not read "%s" as a country', (country) => {
    expect(testGazetteer().geocode({ country })).toMatchObject({ kind: 'notFound' });
  });

  it.each([
    ['NO', 'NO'],
    ['MY', 'MY'],
    ['IRL', 'IE'],
    ['FR', 'FR'],
    ['fra', 'FR'],
    // Vietnamese country names that look like codes of other countries.
    ['Mỹ', 'US'],
    ['Áo', 'AT'],
    ['Nga', 'RU'],
  ])('reads "%s" as %s', (country, countryCode) => {
    expect(testGazetteer().geocode({ country })).toMatchObject({ kind: 'found', place: { countryCode } });
  });

  it('reads a denial as no city, even if a town has that name', () => {
    expect(locate('None', 'Italy')).toBe('country: IT');
    expect(locate('NaN', 'Thailand')).toBe('country: TH');
    expect(locate('Nan', 'Thailand')).toBe('city: Nan, Nan, TH');
  });
});

describe('swapped fields', () => {
  it('reads a country in the city field only when the fields are swapped', () => {
    expect(locate('Finland', 'Helsinki')).toBe('city: Helsinki, Uusimaa, FI');
    expect(locate('Finland', 'Atlantis')).toContain('notFound');
    expect(locate('Lebanon', 'United States')).toContain('city: Lebanon');
  });
});

describe('the named region', () => {
  it('contains the city, or else the city counts as unknown', () => {
    expect(
      testGazetteer().geocode({ city: 'Bartlett', region: 'New Hampshire', country: 'United States' }),
    ).toMatchObject({
      granularity: 'region',
      place: { region: 'New Hampshire' },
      note: expect.stringContaining('(a place of that name is in Tennessee, United States)') as string,
    });
  });

  it('may be a second-level region inside a first-level one', () => {
    expect(locate('Orange County, California', 'United States')).toBe('region: Orange County, California, US');
    expect(locate('', 'United States', 'Orange County, California')).toBe('region: Orange County, California, US');
  });

  it('is ignored if unknown or equal to the country', () => {
    expect(locate('Springfield', 'United States', 'Narnia')).toBe('city: Springfield, Illinois, US');
    expect(locate('Taipei', 'Taiwan', 'Taiwan')).toBe('city: Taipei, Taiwan, TW');
  });

  it('wins over a city of its name after a finer name', () => {
    expect(locate('Hood Canal, Washington', 'United States')).toBe('region: Washington, US');
    expect(locate('Central Park, New York', 'United States')).toBe('city: New York City, New York, US');
  });
});

describe('the named country', () => {
  it('is respected: a city elsewhere yields the country, with a note', () => {
    expect(testGazetteer().geocode({ city: 'Paris', country: 'Germany' })).toMatchObject({
      granularity: 'country',
      place: { countryCode: 'DE' },
      note: 'No place called “Paris” is known in Germany (a place of that name is in Île-de-France, France).',
    });
  });

  it('may be constituent, former, written in any language, or the sovereign of a territory', () => {
    expect(locate('Glasgow', 'Scotland')).toBe('city: Glasgow, Scotland, GB');
    expect(locate('', 'Scotland')).toBe('region: Scotland, GB');
    expect(locate('Brno', 'Czechoslovakia')).toBe('city: Brno, South Moravian, CZ');
    expect(locate('', 'Yugoslavia')).toMatch(/^notFound: “Yugoslavia” is several countries today: Serbia, Croatia/);
    expect(locate('Isle of Man', 'United Kingdom')).toBe('country: IM');
    expect(locate('', 'England')).toBe('region: England, GB');
    expect(locate('Kinshasa', 'Zaire')).toBe('city: Kinshasa, Kinshasa, CD');
    expect(locate('Moskau', 'Russland')).toBe('city: Moscow, Moscow, RU');
    expect(locate('Hong Kong', 'China')).toBe('city: Hong Kong, Central and Western, HK');
    expect(locate('Sandton', 'South Africa')).toBe('city: Sandton, Gauteng, ZA');
  });

  it('is the flagged result when the city is unknown', () => {
    expect(locate('', 'Ukraine')).toBe('country: UA');
    expect(locate('Unknown', 'Brazil')).toBe('country: BR');
    expect(locate('Rural Area', 'Australia')).toBe('country: AU');
    expect(locate('Norway', 'Norway')).toBe('country: NO');
  });

  it('is never guessed', () => {
    expect(locate('Unknown', 'N/A')).toBe('notFound: The query names neither a country nor a city.');
    expect(locate('Tropical Forest', 'Unknown')).toBe('notFound: The query names neither a country nor a city.');
    expect(locate('Paris', 'Atlantis')).toBe('notFound: No country is called “Atlantis”.');
    expect(locate('Suburbia', 'United States or Canada')).toBe(
      'notFound: “United States or Canada” names more than one country.',
    );
    expect(locate('', '')).toMatch(/^notFound/);
    expect(locate('Xqzzt', '')).toBe('notFound: No place called “Xqzzt” is known.');
  });
});

describe('edits', () => {
  it('are not tolerated in short names, nor where one name continues the other', () => {
    expect(locate('Parish', 'France')).toBe('country: FR');
    expect(locate('', 'Nigerr')).toMatch(/^notFound/);
  });
});

describe('for any text', () => {
  const words = fc.constantFrom(
    'Paris',
    'near',
    'City',
    'Unknown',
    'Texas',
    'France',
    ',',
    '(',
    ')',
    '/',
    'or',
    'St.',
    '東京',
    '',
  );
  const text = fc.oneof(
    fc.string(),
    fc.array(words, { maxLength: 6 }).map((parts) => parts.join(' ')),
  );

  const hasPositionOrReason = (result: GeocodeResult): boolean => {
    if (result.kind === 'notFound') return result.reason !== '';
    const { latitudeDegrees, longitudeDegrees } = result.coordinate;
    return isCoordinate(latitudeDegrees, longitudeDegrees) && result.candidates.length > 0;
  };

  it('returns a place with a position, or a reason', () => {
    fc.assert(
      fc.property(text, text, text, (city, region, country) =>
        hasPositionOrReason(testGazetteer().geocode({ city, region, country })),
      ),
    );
  });

  it('finds a found place again by its own names', () => {
    const found = text.chain((city) => text.map((country) => testGazetteer().geocode({ city, country })));
    fc.assert(
      fc.property(found, (result) => {
        fc.pre(result.kind === 'found');
        expect(testGazetteer().geocode(result.place)).toMatchObject({ kind: 'found', coordinate: result.coordinate });
      }),
    );
  });
});
