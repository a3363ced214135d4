import { describe, expect, it } from 'vitest';
import { openGazetteer } from '../gazetteer/open.ts';
import { scriptedModel } from '../vision/scripted-model.ts';
import type { PreparedImage } from '../image/prepared-image.ts';
import { generativeLocator } from './generative-locator.ts';
import type { Location } from './locator.ts';
import type { Preference } from './preferred-position.ts';

const gazetteer = openGazetteer();
const image: PreparedImage = {
  bytes: new Uint8Array(),
  mediaType: 'image/jpeg',
  widthPixels: 1,
  heightPixels: 1,
  sha256: '',
};

async function locate(answer: object, prefer?: Preference): Promise<Location> {
  const model = scriptedModel([JSON.stringify(answer)]);
  const locator = generativeLocator({ model, gazetteer, ...(prefer && { prefer }) });
  return locator.locate(image, { signal: new AbortController().signal });
}

const at = (latitude: number, longitude: number): object => ({ latitude, longitude });

describe('a stated position', () => {
  it.each<[string, object]>([
    ['in its country', { country: 'Chile', ...at(-23.65, -70.4) }],
    ['in its country, far from the centre', { country: 'Australia', ...at(-12.46, 130.84) }],
    ['in its region', { country: 'Italy', region: 'Sicily', ...at(37.85, 15.29) }],
    ['beside an unknown city of the country', { country: 'Norway', city: 'Qwrtzby', ...at(69.65, 18.96) }],
    [
      'beside an unknown city of the region',
      { country: 'United States', state: 'Utah', city: 'Qwrtz Arch', ...at(38.73, -109.52) },
    ],
    ['beside a country by its code', { country: 'NZ', ...at(-44.67, 167.92) }],
    ['without a place', at(64.15, -21.94)],
    ['beside an unknown place', { country: 'Qwrtzland', city: 'Qwrtz', ...at(64.15, -21.94) }],
    ['in a region with another name', { country: 'Germany', region: 'Bavaria', ...at(47.56, 10.75) }],
    ['in Brazil', { country: 'Brazil', region: null, city: null, ...at(-3.1, -60.02) }],
  ])('%s wins', async (_, answer) => {
    const { coordinate, granularity } = await locate(answer);
    expect(coordinate).toEqual({
      latitudeDegrees: (answer as { latitude: number }).latitude,
      longitudeDegrees: (answer as { longitude: number }).longitude,
    });
    expect(granularity).toBe('coordinate');
  });

  it.each<[string, object]>([
    ['beside a known city', { country: 'Chile', city: 'Arica', ...at(-18.3, -70.2) }],
    ['in another country', { country: 'Chile', ...at(-34.6, -58.38) }],
    ['in another region', { country: 'Italy', region: 'Sicily', ...at(45.07, 7.69) }],
    ['in the open sea', { country: 'Chile', ...at(-40, -110) }],
  ])('%s does not', async (_, answer) => {
    const { granularity } = await locate(answer);
    expect(granularity).not.toBe('coordinate');
    expect(granularity).toBeDefined();
  });

  it('keeps the place that the answer names', async () => {
    expect((await locate({ country: 'Chile', ...at(-23.65, -70.4) })).place).toMatchObject({ countryCode: 'CL' });
    expect((await locate({ country: 'Chile', ...at(-23.65, -70.4) })).place?.city).toBeUndefined();
  });

  it('counts always, or only without a place, on request', async () => {
    const city = { country: 'Chile', city: 'Arica', ...at(-18.3, -70.2) };
    const country = { country: 'Chile', ...at(-23.65, -70.4) };
    expect((await locate(city, 'position')).coordinate).toEqual({ latitudeDegrees: -18.3, longitudeDegrees: -70.2 });
    expect((await locate(country, 'place')).granularity).toBe('country');
    expect((await locate(at(64.15, -21.94), 'place')).granularity).toBe('coordinate');
  });
});
