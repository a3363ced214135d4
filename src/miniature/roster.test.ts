import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SETTING_SHARES } from './plan.ts';
import { rosterOf, TEST_SHARE } from './roster.ts';
import { SETTINGS } from './stage.ts';

describe('rosterOf', () => {
  const shots = rosterOf({ scenes: 6000, seed: 1 });

  it('gives as many shots as asked for, numbered, the same for the same seed', () => {
    expect(shots.map(({ number }) => number)).toEqual([...shots.keys()]);
    expect(shots).toHaveLength(6000);
    expect(rosterOf({ scenes: 300, seed: 5 })).toEqual(rosterOf({ scenes: 300, seed: 5 }));
    expect(rosterOf({ scenes: 300, seed: 5 })).not.toEqual(rosterOf({ scenes: 300, seed: 6 }));
  });

  it('shares no owner and no motif between the splits, and no unseen city with training', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), fc.integer({ min: 1, max: 400 }), (seed, scenes) => {
        const made = rosterOf({ scenes, seed });
        const train = made.filter(({ split }) => split === 'train');
        const test = made.filter(({ split }) => split === 'test');
        const owners = new Set(train.map(({ owner }) => owner));
        const motifs = new Set(train.map(({ motif }) => motif));
        expect(test.filter(({ owner, motif }) => owners.has(owner) || motifs.has(motif))).toEqual([]);
        expect(train.filter(({ city }) => city.unseen)).toEqual([]);
        expect(test.length).toBe(scenes - Math.round(scenes * (1 - TEST_SHARE)));
      }),
      { numRuns: 30 },
    );
  });

  it('takes the settings in the shares of Table 1, within two standard errors', () => {
    const firsts = shots.filter(({ repeats }) => repeats === undefined);
    for (const setting of SETTINGS) {
      const share = firsts.filter((shot) => shot.setting === setting).length / firsts.length;
      const error = Math.sqrt((SETTING_SHARES[setting] * (1 - SETTING_SHARES[setting])) / firsts.length);
      expect(Math.abs(share - SETTING_SHARES[setting]), setting).toBeLessThan(2.6 * error);
    }
  });

  it('has bursts of one owner and a few photos that another owner copied, each naming what it repeats', () => {
    const repeats = shots.filter((shot) => shot.repeats !== undefined);
    expect(repeats.length / shots.length).toBeGreaterThan(0.03);
    for (const shot of repeats) {
      const first = shots[shot.repeats!]!;
      expect(first.repeats).toBeUndefined();
      expect([first.motif, first.city, first.split]).toEqual([shot.motif, shot.city, shot.split]);
    }
    expect(repeats.some((shot) => shots[shot.repeats!]!.owner !== shot.owner)).toBe(true);
  });

  it('holds out seen and unseen cities alike', () => {
    const test = shots.filter(({ split }) => split === 'test');
    const unseen = test.filter(({ city }) => city.unseen).length / test.length;
    expect(unseen).toBeGreaterThan(0.2);
    expect(unseen).toBeLessThan(0.6);
  });
});
