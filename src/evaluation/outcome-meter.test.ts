import { describe, expect, it, vi } from 'vitest';
import { defined } from '../core/defined.ts';
import type { Place } from '../core/place.ts';
import { TINY_CITIES, tinyGazetteer } from '../../test/support/tiny-gazetteer.ts';
import { testGazetteer } from '../gazetteer/test-gazetteer.ts';
import { createOutcomeMeter } from './outcome-meter.ts';
import type { Outcome } from './outcome.ts';

const [paris, helsinki] = TINY_CITIES;
const refused: Outcome = { kind: 'refused', reason: '' };
const measure = (outcome: Outcome, place?: { country: string; city?: string }) =>
  createOutcomeMeter(tinyGazetteer()).measure({
    id: 'a',
    truth: { coordinate: paris, ...defined({ place }) },
    outcome,
  });

describe('measure', () => {
  it('measures the distance and names the true country', () => {
    const { distanceKm, countryCode } = measure({ kind: 'located', coordinate: helsinki });
    // The expected distance comes from the spherical law of cosines. The code uses another formula.
    expect(distanceKm).toBeCloseTo(1908.745415, 5);
    expect(countryCode).toBe('FR');
  });

  it('compares with the labels if present, else with the nearest city', () => {
    const prediction: Outcome = { kind: 'located', coordinate: paris, place: { country: 'France', city: 'Paris' } };
    expect(measure(prediction)).toMatchObject({ countryMatch: true, cityMatch: true });
    expect(measure(prediction, { country: 'France', city: 'Versailles' })).toMatchObject({
      countryMatch: true,
      cityMatch: false,
    });
  });

  it('counts a refusal as a mismatch, and ignores the city if the truth has none', () => {
    const refused: Outcome = { kind: 'refused', reason: '' };
    expect(measure(refused)).toMatchObject({ countryMatch: false, cityMatch: false });
    expect(measure(refused, { country: 'France' })).not.toHaveProperty('cityMatch');
  });

  it('credits the country of a place without a known position', () => {
    expect(
      measure({ kind: 'notGeocodable', reason: '', place: { country: 'France', city: 'Atlantis' } }),
    ).toMatchObject({ countryMatch: true, cityMatch: false });
  });
});

it('asks the gazetteer once for each name', async () => {
  const gazetteer = tinyGazetteer();
  const geocode = vi.spyOn(gazetteer, 'geocode');
  const meter = createOutcomeMeter(gazetteer);
  const place = { country: 'France', city: 'Paris' };
  expect(await meter.geocode(place)).toEqual(await meter.geocode({ ...place }));
  expect(await meter.geocodeText('Paris, France')).toMatchObject({ kind: 'located' });
  expect(geocode).toHaveBeenCalledTimes(1);
});

it('geocodes with a remote service, and still compares places by the gazetteer', async () => {
  const gazetteer = tinyGazetteer();
  const requests: string[] = [];
  const meter = createOutcomeMeter(gazetteer, (place) => {
    requests.push(place.city!);
    return Promise.resolve(gazetteer.geocode({ country: 'Finland', city: 'Helsinki' }));
  });
  const outcome = await meter.geocode({ country: 'France', city: 'Paris' });
  await meter.geocode({ country: 'France', city: 'Paris' });
  expect(requests).toEqual(['Paris']);
  expect(meter.measure({ id: 'a', truth: { coordinate: helsinki }, outcome })).toMatchObject({
    distanceKm: 0,
    cityMatch: true,
  });
});

it('compares the predicted city even if only its country has a position', async () => {
  const place = { country: 'Belgium', city: 'Moortebeek' };
  const meter = createOutcomeMeter(testGazetteer());
  const outcome = await meter.geocode(place);
  expect(outcome).toMatchObject({ kind: 'located', granularity: 'country', place: { ...place, countryCode: 'BE' } });
  const truth = { coordinate: { latitudeDegrees: 50.84, longitudeDegrees: 4.29 } };
  const measured = (label: { country: string; city: string }) =>
    meter.measure({ id: 'a', truth: { ...truth, place: label }, outcome });
  expect(measured(place)).toMatchObject({ countryMatch: true, cityMatch: true });
  expect(measured({ country: 'Belgium', city: 'Anderlecht' })).toMatchObject({ countryMatch: true, cityMatch: false });
});

describe('the true country', () => {
  const codesOf = (...places: readonly (Place | undefined)[]) => {
    const meter = createOutcomeMeter(tinyGazetteer());
    return places.map(
      (place) =>
        meter.measure({ id: 'a', truth: { coordinate: paris, ...defined({ place }) }, outcome: refused }).countryCode,
    );
  };

  it.each([
    ['the code of the label', { country: 'France', countryCode: 'XX' }, 'XX'],
    ['the name of the label', { country: 'Peru' }, 'PE'],
    ['the position, where the label names no country', { country: '', city: 'Lima' }, 'FR'],
    ['the position, where the name is not known', { country: 'Ruritania' }, 'FR'],
    ['the position, without a label', undefined, 'FR'],
  ] as const)('comes from %s', (_, place, code) => {
    expect(codesOf(place)).toEqual([code]);
  });

  it('is cached by the name of the country', () => {
    expect(codesOf({ country: 'Peru' }, { country: 'Kenya' }, { country: 'Peru' })).toEqual(['PE', 'KE', 'PE']);
  });

  it('is not taken from a city that has the name of the label', () => {
    const gazetteer = tinyGazetteer();
    const geocode: typeof gazetteer.geocode = ({ country }) => gazetteer.geocode({ country: '', city: country });
    const row = { id: 'a', truth: { coordinate: paris, place: { country: 'Lima' } }, outcome: refused };
    expect(createOutcomeMeter({ ...gazetteer, geocode }).measure(row).countryCode).toBe('FR');
  });

  it('is absent if neither label nor position gives one', () => {
    const gazetteer = { ...tinyGazetteer(), reverse: () => undefined };
    const row = { id: 'a', truth: { coordinate: paris }, outcome: refused };
    expect(createOutcomeMeter(gazetteer).measure(row)).toEqual(row);
  });
});

describe('matches', () => {
  const located = (place?: Place): Outcome => ({ kind: 'located', coordinate: paris, ...defined({ place }) });
  const matches = (outcome: Outcome, place?: Place) => {
    const { countryMatch, cityMatch } = measure(outcome, place);
    return [countryMatch, cityMatch];
  };

  it.each([
    [
      'the prediction names another place than its position',
      located({ country: 'Peru', city: 'Lima' }),
      [false, false],
    ],
    ['a bare position has the place of the nearest city', located(), [true, true]],
    ['a failure names nothing', { kind: 'failed', reason: '' }, [false, false]],
    ['an unknown place without a name matches nothing', { kind: 'notGeocodable', reason: '' }, [false, false]],
  ] as const)('%s', (_, outcome, expected) => {
    expect(matches(outcome)).toEqual(expected);
  });

  it.each([
    [{ country: '', city: 'Paris' }, [undefined, true]],
    [{ country: 'France', city: '' }, [true, undefined]],
    [{ country: 'France' }, [true, undefined]],
  ])('compare only what the label %j names', (label, expected) => {
    expect(matches(located({ country: 'France', city: 'Paris' }), label)).toEqual(expected);
  });

  const row = (geonameId: number | undefined, countryCode: string | undefined): Place => ({
    country: 'A',
    city: 'B',
    ...defined({ geonameId, countryCode }),
  });

  it('leave a label unscored if its place is unknown', () => {
    const { countryMatch, cityMatch } = createOutcomeMeter(tinyGazetteer()).measure({
      id: 'a',
      truth: { coordinate: paris, place: { country: 'Narnia', city: 'Cair Paravel' } },
      outcome: located({ country: 'France', city: 'Paris' }),
    });
    expect([countryMatch, cityMatch]).toEqual([undefined, undefined]);
  });

  it.each([
    ['one row', row(1, 'FR'), row(1, 'FR'), [true, true]],
    ['two countries', row(1, 'FR'), row(2, 'PE'), [false, false]],
  ] as const)('compare rows of the gazetteer by their ids: %s', (_, a, b, expected) => {
    const gazetteer = tinyGazetteer();
    const match = vi.spyOn(gazetteer, 'match');
    const { countryMatch, cityMatch } = createOutcomeMeter(gazetteer).measure({
      id: 'a',
      truth: { coordinate: paris, place: b },
      outcome: located(a),
    });
    expect([countryMatch, cityMatch]).toEqual(expected);
    expect(match).not.toHaveBeenCalled();
  });

  it.each([
    [row(undefined, 'FR'), row(1, 'FR')],
    // A district and its city have different ids, so ids cannot decide.
    [row(1, 'FR'), row(2, 'FR')],
    [row(1, 'FR'), row(undefined, 'FR')],
    [row(1, undefined), row(1, 'FR')],
    [row(1, 'FR'), row(1, undefined)],
    [row(0, 'FR'), row(0, 'FR')],
  ])('compare %j and %j by the matcher', (a, b) => {
    const gazetteer = tinyGazetteer();
    const match = vi.spyOn(gazetteer, 'match');
    createOutcomeMeter(gazetteer).measure({
      id: 'a',
      truth: { coordinate: paris, place: b },
      outcome: located(a),
    });
    expect(match).toHaveBeenCalledExactlyOnceWith(a, b);
  });
});

describe('the meter remembers', () => {
  it('each answer by the complete request', () => {
    const gazetteer = tinyGazetteer();
    const [geocode, reverse, match] = [
      vi.spyOn(gazetteer, 'geocode'),
      vi.spyOn(gazetteer, 'reverse'),
      vi.spyOn(gazetteer, 'match'),
    ];
    const meter = createOutcomeMeter(gazetteer);
    const places: Place[] = [
      { country: 'A' },
      { country: 'A', countryCode: 'AA' },
      { country: 'A', region: 'R' },
      { country: 'A', city: 'C' },
      { country: 'A', geonameId: 7 },
      { country: 'B' },
    ];
    for (const place of [...places, ...places]) void meter.geocode(place);
    expect(geocode).toHaveBeenCalledTimes(places.length);
    const rows = [paris, helsinki, paris].map((coordinate) => ({ id: 'a', truth: { coordinate }, outcome: refused }));
    expect(rows.map((row) => meter.measure(row).countryCode)).toEqual(['FR', 'FI', 'FR']);
    expect(reverse).toHaveBeenCalledTimes(2);
    const pair = (predicted: Place, place: Place) =>
      meter.measure({
        id: 'a',
        truth: { coordinate: paris, place },
        outcome: { kind: 'located', coordinate: paris, place: predicted },
      }).countryMatch;
    const [a, b] = [{ country: 'A' }, { country: 'B', countryCode: 'BB' }];
    expect([pair(a, a), pair(a, b), pair(b, b), pair(a, a)]).toEqual([true, false, true, true]);
    expect(match).toHaveBeenCalledTimes(3);
  });

  it('that a position has no place', () => {
    const reverse = vi.fn(() => undefined);
    const meter = createOutcomeMeter({ ...tinyGazetteer(), reverse });
    for (let i = 0; i < 3; i++) meter.measure({ id: 'a', truth: { coordinate: paris }, outcome: refused });
    expect(reverse).toHaveBeenCalledTimes(1);
  });

  it('at most 20,000 names, then starts again', () => {
    const gazetteer = tinyGazetteer();
    const geocode = vi.spyOn(gazetteer, 'geocode');
    const meter = createOutcomeMeter(gazetteer);
    for (let i = 0; i < 20_000; i++) void meter.geocode({ country: `${i}` });
    void meter.geocode({ country: '0' });
    expect(geocode).toHaveBeenCalledTimes(20_000);
    void meter.geocode({ country: 'one more' });
    void meter.geocode({ country: '0' });
    expect(geocode).toHaveBeenCalledTimes(20_002);
  });
});

it('geocodes free text by the place in it, and gives a reason if it has none', async () => {
  const gazetteer = tinyGazetteer();
  const meter = createOutcomeMeter({
    ...gazetteer,
    parsePlace: (text) => (text === '?' ? undefined : gazetteer.parsePlace(text)),
  });
  expect(await meter.geocodeText('?')).toEqual({ kind: 'notGeocodable', reason: 'no known place in "?"' });
  expect(await meter.geocodeText('Lima, Peru')).toMatchObject({ kind: 'located', place: { city: 'Lima' } });
});

it('gives the outcome of an unknown place its reason and the place', async () => {
  const place = { country: 'Nowhere', city: 'Atlantis' };
  const outcome = await createOutcomeMeter(tinyGazetteer()).geocode(place);
  expect(outcome).toEqual({ kind: 'notGeocodable', reason: 'no place named "Atlantis"', place });
});
