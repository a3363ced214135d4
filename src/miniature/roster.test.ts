import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
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
