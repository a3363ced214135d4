import { describe, expect, it, vi } from 'vitest';
import { defined } from '../core/defined.ts';
import { TINY_CITIES, tinyGazetteer } from '../../test/support/tiny-gazetteer.ts';
import { testGazetteer } from '../gazetteer/test-gazetteer.ts';
import { createOutcomeMeter } from './outcome-meter.ts';
import type { Outcome } from './outcome.ts';

const [paris, helsinki] = TINY_CITIES;
const measure = (outcome: Outcome, place?: { country: string; city?: string }) =>
  createOutcomeMeter(tinyGazetteer()).measure({
    id: 'a',
    truth: { coordinate: paris, ...defined({ place }) },
    outcome,
  });

describe('measure', () => {
  it('measures the distance and names the true country', () => {
    const { distanceKm, countryCode } = measure({ kind: 'located', coordinate: helsinki });
    // By the spherical law of cosines, another formula than the one used.
    expect(distanceKm).toBeCloseTo(1908.745415, 5);
    expect(countryCode).toBe('FR');
  });

  it('compares with the labels where there are some, else with the nearest city', () => {
    const said: Outcome = { kind: 'located', coordinate: paris, place: { country: 'France', city: 'Paris' } };
    expect(measure(said)).toMatchObject({ countryMatch: true, cityMatch: true });
    expect(measure(said, { country: 'France', city: 'Versailles' })).toMatchObject({
      countryMatch: true,
      cityMatch: false,
    });
  });

  it('counts no answer as no match, and a city that the truth does not name not at all', () => {
    const refused: Outcome = { kind: 'refused', reason: '' };
    expect(measure(refused)).toMatchObject({ countryMatch: false, cityMatch: false });
    expect(measure(refused, { country: 'France' })).not.toHaveProperty('cityMatch');
  });

  it('credits the country of a place that has no known position', () => {
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

it('looks names up elsewhere when told to, and still compares places by the gazetteer', async () => {
  const gazetteer = tinyGazetteer();
  const asked: string[] = [];
  const meter = createOutcomeMeter(gazetteer, (place) => {
    asked.push(place.city!);
    return Promise.resolve(gazetteer.geocode({ country: 'Finland', city: 'Helsinki' }));
  });
  const outcome = await meter.geocode({ country: 'France', city: 'Paris' });
  await meter.geocode({ country: 'France', city: 'Paris' });
  expect(asked).toEqual(['Paris']);
  expect(meter.measure({ id: 'a', truth: { coordinate: helsinki }, outcome })).toMatchObject({
    distanceKm: 0,
    cityMatch: true,
  });
});

it('compares the city that was named, also where only its country has a position', async () => {
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
