import { describe, expect, it } from 'vitest';
import { testGazetteer } from './test-gazetteer.ts';

const reverse = (latitudeDegrees: number, longitudeDegrees: number) =>
  testGazetteer().reverse({ latitudeDegrees, longitudeDegrees });

describe('reverse geocoding', () => {
  it('names the city, its region and country', () => {
    expect(reverse(48.8566, 2.3522)).toMatchObject({ city: 'Paris', region: 'Île-de-France', countryCode: 'FR' });
  });

  it('works across the antimeridian and at the poles', () => {
    expect(reverse(-16.78, 180)?.countryCode).toBe('FJ');
    expect(reverse(90, 0)).toBeUndefined();
  });

  it('gives the country alone far from any city, and nothing in mid-ocean', () => {
    expect(reverse(-24.5, 128.5)).toEqual({ country: 'Australia', countryCode: 'AU' });
    expect(reverse(-40, -120)).toBeUndefined();
  });
});
