import { describe, expect, it } from 'vitest';
import { openGazetteer } from '../../gazetteer/open.ts';
import { cityPosition } from '../position.ts';
import { LANDMARK_KINDS } from '../draw/landmark-kinds.ts';
import { CITIES } from './cities.ts';
import { COUNTRIES, countryFacts } from './countries.ts';
import { CONTINENTS } from './country.ts';

describe('the world', () => {
  it('has at least 40 countries on six continents and 120 cities', () => {
    expect(COUNTRIES.length).toBeGreaterThanOrEqual(40);
    expect(CITIES.length).toBeGreaterThanOrEqual(120);
    expect(new Set(COUNTRIES.map(({ continent }) => continent))).toEqual(new Set(CONTINENTS));
    expect(new Set(COUNTRIES.map(({ code }) => code)).size).toBe(COUNTRIES.length);
  });

  it('has at least two training cities in every country, and some unseen cities', () => {
    for (const { code } of COUNTRIES) {
      expect(
        CITIES.filter(({ countryCode, unseen }) => countryCode === code && !unseen).length,
        code,
      ).toBeGreaterThanOrEqual(2);
    }
    expect(CITIES.filter(({ unseen }) => unseen).length).toBeGreaterThanOrEqual(20);
  });

  it('has the gazetteer’s name and country for every city', () => {
    const gazetteer = openGazetteer();
    for (const city of CITIES) {
      const { coordinate } = cityPosition(city, gazetteer);
      const near = gazetteer.geocode({ country: '', countryCode: city.countryCode, city: city.name });
      expect(near.kind === 'found' && near.place.geonameId, city.name).toBe(city.geonameId);
      expect(Math.abs(coordinate.latitudeDegrees)).toBeLessThan(72);
      expect(countryFacts(city.countryCode).code).toBe(city.countryCode);
    }
  });

  it('gives every city a unique landmark, and vehicles that are unique in its country', () => {
    const landmarks = CITIES.map(({ landmark }) => `${landmark.kind} ${landmark.colour}`);
    expect(new Set(landmarks).size).toBe(CITIES.length);
    const vehicles = CITIES.map(({ countryCode, transit }) => `${countryCode} ${transit.vehicle} ${transit.body}`);
    expect(new Set(vehicles).size).toBe(CITIES.length);
    expect(new Set(CITIES.map(({ landmark }) => landmark.kind))).toEqual(new Set(LANDMARK_KINDS));
  });

  it('drives on the left where the law says so', () => {
    const left = COUNTRIES.filter(({ drivesOn }) => drivesOn === 'left').map(({ code }) => code);
    expect(left.toSorted()).toEqual(['AU', 'GB', 'ID', 'IE', 'IN', 'JP', 'KE', 'LK', 'MY', 'NZ', 'TH', 'TZ', 'ZA']);
  });
});
