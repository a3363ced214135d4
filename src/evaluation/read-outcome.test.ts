import { describe, expect, it } from 'vitest';
import { TINY_CITIES, tinyGazetteer } from '../../test/support/tiny-gazetteer.ts';
import type { Columns } from './columns.ts';
import { createOutcomeMeter } from './outcome-meter.ts';
import type { Outcome } from './outcome.ts';
import { assertReadable, numeral, readOutcome } from './read-outcome.ts';
import type { Source } from './read-outcome.ts';

const { city, country, countryCode, ...coordinate } = TINY_CITIES[0];
const paris = { kind: 'located', coordinate, place: { city, country, countryCode }, granularity: 'city' } as const;

const read = (source: Source, row: Partial<Record<keyof Columns, string>>): Promise<Outcome> =>
  readOutcome((role) => row[role] ?? '', { source, meter: createOutcomeMeter(tinyGazetteer()) });

describe('readOutcome, the status that a run recorded', () => {
  const position = { predictedLatitude: '1', predictedLongitude: '2' };

  it.each(['coordinates', 'text', 'completion'] as const)('failed, from %s', async (source) => {
    const row = { ...position, predictedCity: 'Paris', completion: 'country: France', status: ' failed ' };
    expect(await read(source, row)).toEqual({ kind: 'failed', reason: 'the file has the status failed' });
    expect(await read(source, { ...row, reason: 'timeout' })).toEqual({ kind: 'failed', reason: 'timeout' });
  });

  it.each(['refused', 'unparseable', 'notGeocodable'] as const)('%s, from coordinates only', async (status) => {
    const row = { ...position, predictedCity: 'Paris', status, reason: 'why' };
    expect(await read('coordinates', row)).toEqual({ kind: status, reason: 'why' });
    expect(await read('text', row)).toEqual(paris);
  });

  it('located, with a position to read', async () => {
    expect(await read('coordinates', { ...position, status: 'located' })).toMatchObject({ kind: 'located' });
  });
});

describe('readOutcome from coordinates', () => {
  const at = (
    predictedLatitude: string,
    predictedLongitude: string,
    more: Partial<Record<keyof Columns, string>> = {},
  ) => read('coordinates', { predictedLatitude, predictedLongitude, ...more });
  const located = { kind: 'located', coordinate: { latitudeDegrees: 1.5, longitudeDegrees: -2 } } as const;

  it('reads a position, with the place that its row names', async () => {
    expect(await at(' 1.5 ', '-2')).toEqual({ ...located, granularity: 'coordinate' });
    const named = await at('1.5', '-2', { predictedCity: ' Rome ', predictedCountry: ' Italy ' });
    expect(named).toEqual({ ...located, granularity: 'coordinate', place: { country: 'Italy', city: 'Rome' } });
  });

  it.each([
    ['Italy', '', { country: 'Italy' }],
    ['', 'Rome', { country: '', city: 'Rome' }],
    ['unknown', 'Rome', { country: '', city: 'Rome' }],
    ['unknown', 'N/A', undefined],
  ])('names country %j and city %j as %j', async (predictedCountry, predictedCity, place) => {
    const outcome = await at('1.5', '-2', { predictedCountry, predictedCity });
    expect(outcome).toEqual({ ...located, granularity: 'coordinate', ...(place !== undefined && { place }) });
  });

  it('counts a row without numbers as failed, half a position or one off the globe as unparseable', async () => {
    expect(await at('', ' ')).toEqual({ kind: 'failed', reason: 'no position in the file' });
    expect(await at('nan', 'None')).toEqual({ kind: 'failed', reason: 'no position in the file' });
    expect(await at('1', '')).toEqual({ kind: 'unparseable', reason: 'not a position: "1", ""' });
    expect(await at('', '0')).toEqual({ kind: 'unparseable', reason: 'not a position: "", "0"' });
    expect(await at('91', '0')).toMatchObject({ kind: 'unparseable' });
    expect(await at('north', '0')).toMatchObject({ kind: 'unparseable' });
  });
});

describe('readOutcome from text', () => {
  it.each([
    [{ predictedCity: 'Paris' }],
    [{ predictedCity: 'Paris', predictedCountry: 'unknown' }],
    [{ predictedPlace: ' Paris, France ' }],
    [{ predictedCity: ' ', predictedPlace: 'Paris, France' }],
    // The city and country columns take precedence over the free text.
    [{ predictedCity: 'Paris', predictedPlace: 'Lima, Peru' }],
  ])('geocodes %j', async (row) => {
    expect(await read('text', row)).toEqual(paris);
  });

  it.each([
    [{ predictedCity: 'unknown', predictedCountry: 'N/A' }, 'the place is "unknown, N/A"'],
    [{ predictedPlace: ' unknown ' }, 'the place is "unknown"'],
    [{ predictedCountry: 'unknown', predictedPlace: ' ' }, 'the place is "unknown"'],
  ])('counts %j as refused', async (row, reason) => {
    expect(await read('text', row)).toEqual({ kind: 'refused', reason });
  });

  it('counts a row without words as failed', async () => {
    const row = { predictedCity: ' ', predictedCountry: '', predictedPlace: ' ' };
    expect(await read('text', row)).toEqual({ kind: 'failed', reason: 'no place in the file' });
  });
});

describe('readOutcome from a completion', () => {
  const completion = (text: string) => read('completion', { completion: text });
  const bare = {
    kind: 'located',
    coordinate: { latitudeDegrees: 10, longitudeDegrees: 20 },
    granularity: 'coordinate',
  };

  it('geocodes the place, and takes the position of the model only where the place is unknown', async () => {
    expect(await completion('<answer>country: France, city: Paris</answer>')).toEqual(paris);
    const position = 'latitude: 10, longitude: 20';
    expect(await completion(`<answer>country: France, city: Paris, ${position}</answer>`)).toEqual(paris);
    expect(await completion(`<answer>country: Nowhere, city: Atlantis, ${position}</answer>`)).toEqual(bare);
    expect(await completion('<answer>country: Nowhere, city: Atlantis</answer>')).toMatchObject({
      kind: 'notGeocodable',
      reason: 'no place named "Atlantis"',
    });
  });

  it('takes a bare position', async () => {
    expect(await completion('<answer>latitude: 10, longitude: 20</answer>')).toEqual(bare);
  });

  it('keeps the first 200 characters of a refusal', async () => {
    const outcome = await completion(`I'm sorry, I cannot determine the location. ${'x'.repeat(300)}`);
    expect(outcome.kind).toBe('refused');
    expect(outcome.kind === 'refused' && outcome.reason).toHaveLength(200);
    expect(outcome.kind === 'refused' && outcome.reason.startsWith("I'm sorry")).toBe(true);
  });

  it('distinguishes an empty completion from one that cannot be parsed', async () => {
    expect(await completion(' \n')).toEqual({ kind: 'failed', reason: 'empty completion' });
    expect(await completion('<think>endless')).toMatchObject({ kind: 'unparseable', reason: expect.any(String) });
  });
});

describe('assertReadable', () => {
  const headers = ['id', 'a'];

  it.each([
    ['coordinates', { predictedLatitude: 'a', predictedLongitude: 'b' }],
    ['text', { predictedCity: 'a' }],
    ['text', { predictedCountry: 'a' }],
    ['text', { predictedPlace: 'a' }],
    ['completion', { completion: 'a' }],
  ] as const)('%s can be read from %j', (source, columns) => {
    expect(() => assertReadable(source, { columns, headers })).not.toThrow();
  });

  it.each([
    [
      'coordinates',
      { predictedLatitude: 'a', completion: 'b' },
      'predictedLatitude=HEADER --column predictedLongitude',
    ],
    ['coordinates', { predictedLongitude: 'a', predictedCity: 'b' }, 'predictedLatitude=HEADER'],
    ['text', { completion: 'a' }, 'predictedCity=HEADER'],
    ['completion', { predictedCity: 'a' }, 'completion=HEADER'],
  ] as const)('%s cannot be read from %j', (source, columns, hint) => {
    const message = expect.stringMatching(new RegExp(`${source}.*id, a`, 'u')) as string;
    expect(() => assertReadable(source, { columns, headers })).toThrow(
      expect.objectContaining({ message, hint: expect.stringContaining(hint) as string }),
    );
  });
});

describe('numeral', () => {
  it.each(['nan', 'NULL', 'None', 'n/a', 'NA', '<NA>', '', ' null '])('reads %j as an empty cell', (cell) => {
    expect(numeral(cell)).toBe('');
  });

  it.each(['1', '-0.5', 'nano', 'banana', '<NA>1', 'xnull'])('keeps %j', (cell) => {
    expect(numeral(` ${cell} `)).toBe(cell);
  });
});
