import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runGlobe, runGlobeHere } from './support/run-globe.ts';

let folder: string;
const at = (name: string): string => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'globe-places-'));
  writeFileSync(
    at('places.csv'),
    'id,town,land\n1,Kiev,Ukraine\n2,Unknown,Brazil\n3,Nowhereville,Atlantis\n4,"Soweto, Johannesburg",South Africa\n',
  );
  writeFileSync(at('places.jsonl'), '{"city":"Rome","country":"Italy"}\n{"country":"Niger","city":""}\n');
  writeFileSync(at('pairs.csv'), 'predicted,truth\n"Roma, Italy","Rome, Italy"\n"Paris, France","Parish, France"\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('globe geocode', () => {
  it('prints coordinates of places in the arguments', async () => {
    const { exitCode, stdout } = await runGlobeHere(['geocode', 'Kyiv, Ukraine', 'San Francisco, CA', '--json']);
    expect(exitCode).toBe(0);
    const [kyiv, city] = JSON.parse(stdout) as Record<string, unknown>[];
    expect(Object.keys(kyiv!)).toEqual([
      'query',
      'kind',
      'place',
      'latitudeDegrees',
      'longitudeDegrees',
      'matchedBy',
      'candidates',
    ]);
    expect(kyiv).toMatchObject({
      query: 'Kyiv, Ukraine',
      kind: 'found',
      latitudeDegrees: 50.45466,
      longitudeDegrees: 30.5238,
      matchedBy: 'exact',
    });
    expect(city).toMatchObject({ place: { city: 'San Francisco', region: 'California', countryCode: 'US' } });
  });

  it('reads the named columns of a CSV file and keeps its order', async () => {
    const { stdout } = await runGlobeHere([
      'geocode',
      '--file',
      at('places.csv'),
      '--column',
      'city=town',
      '--column',
      'country=land',
      '--json',
    ]);
    const rows = JSON.parse(stdout) as Record<string, unknown>[];
    expect(rows.map(({ query, kind, granularity }) => [query, kind, granularity])).toEqual([
      ['Kiev, Ukraine', 'found', undefined],
      ['Unknown, Brazil', 'found', 'country'],
      ['Nowhereville, Atlantis', 'notFound', undefined],
      ['Soweto, Johannesburg, South Africa', 'found', undefined],
    ]);
    expect(rows[2]).toMatchObject({
      place: null,
      latitudeDegrees: null,
      longitudeDegrees: null,
      matchedBy: null,
      candidates: [],
      reason: 'No country is called “Atlantis”.',
    });
  });

  it('finds the columns of a JSON Lines file by their usual names, and prints a table for people', async () => {
    const { stdout } = await runGlobeHere(['geocode', '--file', at('places.jsonl')]);
    expect(stdout).toContain('Rome, Lazio, Italy');
    expect(stdout).toContain('country');
  });

  it("reports a wrong column, missing input and an unknown provider as the user's mistakes", async () => {
    const wrong = await runGlobeHere(['geocode', '--file', at('places.csv'), '--column', 'city=stadt']);
    expect([wrong.exitCode, wrong.stderr]).toEqual([2, expect.stringContaining('has no column “stadt”') as string]);
    expect((await runGlobeHere(['geocode'])).exitCode).toBe(2);
    expect((await runGlobeHere(['geocode', 'Rome', '--provider', 'oracle'])).exitCode).toBe(2);
    const noAddress = await runGlobeHere(['geocode', 'Rome', '--provider', 'nominatim', '--endpoint', 'localhost']);
    expect(noAddress).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('Invalid --endpoint: localhost') });
    const offline = await runGlobeHere(['geocode', 'Rome', '--endpoint', 'http://localhost']);
    expect(offline).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('a remote --provider') });
  });

  it('sends no request to Azure Maps without a key', async () => {
    const { exitCode, stderr } = await runGlobe(['geocode', 'Rome', '--provider', 'azure', '--cache', at('cache')]);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('AZURE_MAPS_KEY') as string]);
  });
});

describe('globe match', () => {
  it('prints one object for two places', async () => {
    const { stdout } = await runGlobeHere(['match', 'Kiev, Ukraine', 'Kyiv, Ukraine']);
    expect(JSON.parse(stdout)).toEqual({
      country: true,
      city: true,
      matchedBy: 'alias',
      reason: '“Kiev” and “Kyiv” both name Kyiv in Ukraine (GeoNames 703448).',
    });
  });

  it('prints an array for a file, in its order', async () => {
    const { stdout } = await runGlobeHere([
      'match',
      '--file',
      at('pairs.csv'),
      '--column',
      'a=predicted',
      '--column',
      'b=truth',
    ]);
    expect(JSON.parse(stdout)).toMatchObject([
      { country: true, city: true },
      { country: true, city: false },
    ]);
  });

  it('requires two places', async () => {
    expect((await runGlobeHere(['match', 'Rome'])).exitCode).toBe(2);
  });
});
