import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unseenCities } from './coverage.ts';
import { CITIES } from './facts/cities.ts';
import { SETTING_SHARES } from './plan.ts';
import { rosterOf, TEST_SHARE } from './roster.ts';
import { SETTINGS } from './stage.ts';

describe('rosterOf', () => {
  const shots = rosterOf({ scenes: 6000, seed: 1 });

  it('returns the requested number of shots, numbered, the same for the same seed', () => {
    expect(shots.map(({ number }) => number)).toEqual([...shots.keys()]);
    expect(shots).toHaveLength(6000);
    expect(rosterOf({ scenes: 300, seed: 5 })).toEqual(rosterOf({ scenes: 300, seed: 5 }));
    expect(rosterOf({ scenes: 300, seed: 5 })).not.toEqual(rosterOf({ scenes: 300, seed: 6 }));
  });

  it('keeps owners and motifs in one split, and unseen cities out of training', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), fc.integer({ min: 1, max: 400 }), (seed, scenes) => {
        const roster = rosterOf({ scenes, seed });
        const train = roster.filter(({ split }) => split === 'train');
        const test = roster.filter(({ split }) => split === 'test');
        const owners = new Set(train.map(({ owner }) => owner));
        const motifs = new Set(train.map(({ motif }) => motif));
        expect(test.filter(({ owner, motif }) => owners.has(owner) || motifs.has(motif))).toEqual([]);
        expect(train.filter(({ city }) => city.unseen)).toEqual([]);
        expect(test.length).toBe(scenes - Math.round(scenes * (1 - TEST_SHARE)));
      }),
      { numRuns: 30 },
    );
  });

  it('has the settings in the shares of Table 1', () => {
    const firsts = shots.filter(({ repeats }) => repeats === undefined);
    for (const setting of SETTINGS) {
      const share = firsts.filter((shot) => shot.setting === setting).length / firsts.length;
      const error = Math.sqrt((SETTING_SHARES[setting] * (1 - SETTING_SHARES[setting])) / firsts.length);
      expect(Math.abs(share - SETTING_SHARES[setting]), setting).toBeLessThan(2.6 * error);
    }
  });

  it('has bursts and a few photos that another owner copied, with the number of the repeated shot', () => {
    const repeats = shots.filter((shot) => shot.repeats !== undefined);
    expect(repeats.length / shots.length).toBeGreaterThan(0.03);
    for (const shot of repeats) {
      const first = shots[shot.repeats!]!;
      expect(first.repeats).toBeUndefined();
      expect([first.motif, first.city, first.split]).toEqual([shot.motif, shot.city, shot.split]);
    }
    expect(repeats.some((shot) => shots[shot.repeats!]!.owner !== shot.owner)).toBe(true);
  });

  it('has seen and unseen cities in the held-out split', () => {
    const test = shots.filter(({ split }) => split === 'test');
    const unseen = test.filter(({ city }) => city.unseen).length / test.length;
    expect(unseen).toBeGreaterThan(0.2);
    expect(unseen).toBeLessThan(0.6);
  });
});

describe('a world with its own splits', () => {
  const lot = { cities: 44, seed: 2026 };

  it('keeps the cities of the lot out of training, and shows them in their share of the held-out photos', () => {
    const shots = rosterOf({ scenes: 24_000, seed: 3, testShare: 0.5, unseen: lot });
    const unseen = unseenCities(lot);
    const test = shots.filter(({ split }) => split === 'test');
    expect(shots.filter(({ split, city }) => split === 'train' && unseen.has(city.geonameId))).toEqual([]);
    expect(new Set(test.map(({ city }) => city.geonameId)).isSupersetOf(unseen)).toBe(true);
    expect(test.filter(({ city }) => unseen.has(city.geonameId)).length / test.length).toBeCloseTo(44 / 176, 1);
  });

  it('shows every city in training if the lot is empty', () => {
    const train = rosterOf({ scenes: 8000, seed: 3, unseen: { cities: 0, seed: 1 } });
    expect(new Set(train.filter(({ split }) => split === 'train').map(({ city }) => city.name)).size).toBe(176);
  });

  it('can hold out all photos or none', () => {
    expect(rosterOf({ scenes: 50, seed: 1, testShare: 1 }).every(({ split }) => split === 'test')).toBe(true);
    expect(rosterOf({ scenes: 50, seed: 1, testShare: 0 }).every(({ split }) => split === 'train')).toBe(true);
  });

  it('rejects a lot that leaves a country without a city', () => {
    expect(() => unseenCities({ cities: 127, seed: 1 })).toThrow('Invalid number of unseen cities: 127.');
    expect(
      new Set(
        CITIES.filter(({ geonameId }) => !unseenCities({ cities: 126, seed: 1 }).has(geonameId)).map(
          ({ countryCode }) => countryCode,
        ),
      ).size,
    ).toBe(50);
  });
});
