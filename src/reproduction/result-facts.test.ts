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

/** Units with what their manifests say they looked places up with. */
function finished(places: Readonly<Record<string, string | undefined>>): Finished {
  const records = new Map(
    Object.entries(places).map(([name, geocoder]) => [
      name,
      { unit: unit(name, 'evaluation'), seconds: 1, manifest: { seconds: 1, ...(geocoder && { geocoder }) } },
    ]),
  );
  return { records, facts: { versions: {}, given: {} } } as unknown as Finished;
}

describe('geocodedFacts', () => {
  const units = [unit('a', 'evaluation'), unit('b', 'evaluation'), unit('t', 'sft')];

  it('names what the units looked places up with, and not what is here today', () => {
    expect(geocodedFacts(units, finished({ a: 'old', b: 'old', t: 'trained' })).geocoder).toBe('old');
    expect(geocodedFacts(units, finished({ a: 'old', b: 'new' })).geocoder).toBe('old, and new');
  });

  it('says of how many units it is not known', () => {
    expect(geocodedFacts(units, finished({ a: 'old', b: undefined })).geocoder).toBe(
      'old, and a gazetteer that 1 of the 2 units do not name',
    );
  });
});
