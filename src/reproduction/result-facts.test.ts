import { describe, expect, it } from 'vitest';
import { type Finished, geocodedFacts } from './result-facts.ts';
import type { Unit } from '../storage/units.ts';

const unit = (name: string, kind: Unit['kind']): Unit => ({
  name,
  kind,
  needs: [],
  settings: {},
  make: async () => ({}),
});

/** Creates finished units whose manifests record the given geocoders. */
function finished(places: Readonly<Record<string, string | undefined>>): Finished {
  const records = new Map(
    Object.entries(places).map(([name, geocoder]) => [
      name,
      { unit: unit(name, 'evaluation'), seconds: 1, manifest: { seconds: 1, ...(geocoder && { geocoder }) } },
    ]),
  );
  return { records, facts: { versions: {}, existing: {} } } as unknown as Finished;
}

describe('geocodedFacts', () => {
  const units = [unit('a', 'evaluation'), unit('b', 'evaluation'), unit('t', 'sft')];

  it('names the geocoders of the units, not the current one', () => {
    expect(geocodedFacts(units, finished({ a: 'old', b: 'old', t: 'trained' })).geocoder).toBe('old');
    expect(geocodedFacts(units, finished({ a: 'old', b: 'new' })).geocoder).toBe('old, and new');
  });

  it('counts the units with an unknown geocoder', () => {
    expect(geocodedFacts(units, finished({ a: 'old', b: undefined })).geocoder).toBe(
      'old, and an unrecorded gazetteer for 1 of the 2 units',
    );
  });
});
