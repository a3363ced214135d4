import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Claim, ClaimVerdict } from './claim.ts';
import { claimScore } from './claim-score.ts';
import { openGrounder } from './entity-grounder.ts';
import { informativeness } from './informativeness.ts';

const grounder = await openGrounder();
const SEEN: ClaimVerdict = { verdict: 'seen' };
const CONTRADICTED: ClaimVerdict = { verdict: 'contradicted' };
const UNKNOWN: ClaimVerdict = { verdict: 'cannot tell' };
const TELLING: readonly Claim[] = [
  { thing: 'warning sign', attribute: 'yellow diamond' },
  { thing: 'kerb', attribute: 'red and white' },
  { thing: 'sign', text: 'Pekara' },
  { thing: 'tram', attribute: 'red' },
];
const all = (verdict: ClaimVerdict, claims: readonly Claim[] = TELLING) => claims.map(() => verdict);
const valueOf = (text: string, verdict: ClaimVerdict): number => {
  const claims = grounder.claims(text);
  return claimScore(claims, all(verdict, claims)).value;
};

describe('the score of claims', () => {
  it('is 1 if all of two or more telling claims are seen, and −1 if all are contradicted', () => {
    expect(claimScore(TELLING, all(SEEN)).value).toBe(1);
    expect(claimScore(TELLING, all(CONTRADICTED)).value).toBe(-1);
  });

  it('is 0 without claims', () => {
    expect(claimScore([], [])).toMatchObject({ value: 0, coverage: 0 });
  });

  it('leaves claims that nobody can tell out, above half of the weight', () => {
    expect(claimScore(TELLING, [SEEN, SEEN, SEEN, UNKNOWN])).toMatchObject({ value: 1, coverage: 0.75, undecided: 1 });
    expect(claimScore(TELLING, [SEEN, UNKNOWN, UNKNOWN, UNKNOWN]).value).toBe(0.5 * 0.5);
    expect(claimScore(TELLING, all(UNKNOWN)).value).toBe(0);
  });

  it('counts a claim of which only the thing was found as the bare thing', () => {
    const claims: Claim[] = [{ thing: 'tram', attribute: 'yellow' }];
    expect(claimScore(claims, [{ verdict: 'seen', onlyThing: true }]).decidedWeight).toBe(
      informativeness({ thing: 'tram' }).whole,
    );
  });

  it('shrinks above twenty claims if it is positive', () => {
    const many = Array.from({ length: 40 }, (_, i): Claim => ({ thing: `kerb${i}`, attribute: 'red' }));
    expect(claimScore(many, all(SEEN, many)).value).toBe(0.5);
    expect(claimScore(many, all(CONTRADICTED, many)).value).toBe(-1);
  });

  it.each([
    ['nothing', 'This could be anywhere in Europe.'],
    ['common things', 'There is a sky and a building.'],
    ['common things with words that tell nothing', 'There is a cloudy sky above some old buildings and a wide road.'],
    ['a bare list', 'Tram, kiosk, minaret, kerb.'],
    ['a list in a sentence', 'There is a tram, a kiosk, a minaret and a kerb.'],
    ['a bare list of common things', 'Sky, tree, building, road, car, person.'],
  ])('earns at most a quarter for %s, even if all is true', (_, text) => {
    expect(valueOf(text, SEEN)).toBeLessThanOrEqual(0.25);
  });

  it('rises with each claim that is seen instead of contradicted, and stays within −1 and 1', () => {
    const verdict = fc.constantFrom(SEEN, CONTRADICTED, UNKNOWN);
    fc.assert(
      fc.property(fc.array(verdict, { minLength: 4, maxLength: 4 }), fc.nat(3), (verdicts, at) => {
        const value = claimScore(TELLING, verdicts).value;
        expect(Math.abs(value)).toBeLessThanOrEqual(1);
        const better = claimScore(TELLING, verdicts.with(at, SEEN)).value;
        const worse = claimScore(TELLING, verdicts.with(at, CONTRADICTED)).value;
        expect(better).toBeGreaterThan(worse);
      }),
    );
  });
});

describe('informativeness', () => {
  it.each([
    [
      { thing: 'sky', attribute: 'blue' },
      { thing: 'building', attribute: 'half-timbered' },
    ],
    [
      { thing: 'building', attribute: 'old' },
      { thing: 'building', attribute: 'half-timbered' },
    ],
    [{ thing: 'tram' }, { thing: 'tram', attribute: 'yellow' }],
    [{ thing: 'sign' }, { thing: 'sign', text: 'Pekara' }],
    [{ thing: 'tram', isListed: true }, { thing: 'tram' }],
  ] as const)('of %j is below that of %j', (less, more) => {
    expect(informativeness(less).whole).toBeLessThan(informativeness(more).whole);
  });
});

describe('claims of prose', () => {
  it('split a phrase into the thing and its attribute, and keep the sentence', () => {
    expect(grounder.claims('Rain. A rusty yellow tram passes.')).toEqual([
      { thing: 'rain', sentence: 'Rain.', isListed: true },
      { thing: 'tram', attribute: 'rusty yellow', sentence: 'A rusty yellow tram passes.' },
    ]);
  });

  it('read a quotation as a text in the image', () => {
    expect(grounder.claims('The sign reads "PEKARA".')).toMatchObject([{ thing: 'sign' }, { text: 'PEKARA' }]);
  });

  it('are listed only until a sentence says something about the thing', () => {
    expect(grounder.claims('Tram, kiosk. The tram is yellow.')[0]).toEqual({
      thing: 'tram',
      sentence: 'The tram is yellow.',
    });
  });
});
