import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fakeGazetteer } from '../../test/support/fake-gazetteer.ts';
import { LEVELS } from './ballot.ts';
import type { Ballot } from './ballot.ts';
import { vote } from './vote.ts';
import type { VoteOptions } from './vote.ts';

const CITIES = [
  ['Paris', 'France'],
  ['Versailles', 'France'],
  ['Marseille', 'France'],
  ['Madrid', 'Spain'],
  ['Hamada', 'Japan'],
] as const;

function named([city, country]: (typeof CITIES)[number]): Ballot {
  const found = fakeGazetteer.geocode({ city, country });
  if (found.kind !== 'found') throw new Error(`${city} is not in the test's gazetteer`);
  const { place, coordinate, granularity } = found;
  return {
    sample: { answer: { kind: 'place', place: { city, country }, reasoning: city }, coordinate },
    located: { place, coordinate, granularity },
  };
}

const refusal: Ballot = { sample: { answer: { kind: 'refusal', reasoning: 'no idea' } } };
const garbled: Ballot = { sample: { answer: { kind: 'unparseable', text: '?', reason: 'nothing in it' } } };
const unknown: Ballot = {
  sample: { answer: { kind: 'place', place: { country: 'Atlantis' }, reasoning: '' }, reason: 'not known' },
};

const ballot = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...CITIES).map(named) },
  fc.constantFrom(refusal, garbled, unknown),
);
const ballots = fc.array(ballot, { minLength: 1, maxLength: 9 });
const match: VoteOptions['match'] = (a, b) => fakeGazetteer.match(a, b);

describe('vote', () => {
  it('chooses a position that one of the samples gave, and its confidence is a share of the samples', () => {
    fc.assert(
      fc.property(ballots, (cast) => {
        const { kind, coordinate, confidence, samples } = vote(cast, { match });
        expect(samples).toHaveLength(cast.length);
        fc.pre(kind === 'located' && cast.length > 1);
        expect(cast.some(({ located }) => located?.coordinate === coordinate)).toBe(true);
        expect(confidence! * cast.length).toBeCloseTo(Math.round(confidence! * cast.length), 9);
        expect(confidence).toBeGreaterThan(0);
        expect(confidence).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('does not depend on the order of the samples, but for ties', () => {
    const shuffled = ballots.chain((cast) =>
      fc.tuple(fc.constant(cast), fc.shuffledSubarray(cast, { minLength: cast.length })),
    );
    fc.assert(
      fc.property(shuffled, ([cast, other]) => {
        const [a, b] = [vote(cast, { match }), vote(other, { match })];
        expect(b.kind).toBe(a.kind);
        expect(b.confidence).toBe(a.confidence);
      }),
    );
  });

  it('gives a coarser level no less agreement, and abstains rather than guess', () => {
    fc.assert(
      fc.property(ballots, (cast) => {
        const share = (level: (typeof LEVELS)[number]): number =>
          vote(cast, { match, levels: [level], agreementShare: 1e-9 }).confidence ?? 0;
        fc.pre(cast.length > 1);
        expect(share('country')).toBeGreaterThanOrEqual(share('region'));
        expect(share('region')).toBeGreaterThanOrEqual(share('city'));
        expect(vote(cast, { match, levels: LEVELS }).confidence ?? 1).toBeGreaterThanOrEqual(0.5);
      }),
    );
  });

  it('prefers the kind that says more when kinds tie', () => {
    expect(vote([refusal, named(CITIES[0])], { match }).kind).toBe('located');
    expect(vote([refusal, unknown], { match }).kind).toBe('notGeocodable');
    expect(vote([garbled, refusal], { match }).kind).toBe('refused');
  });
});

describe('positions without a place name', () => {
  const spot = (latitudeDegrees: number, longitudeDegrees: number): Ballot => {
    const coordinate = { latitudeDegrees, longitudeDegrees };
    return {
      sample: { answer: { kind: 'coordinate', coordinate, reasoning: '' }, coordinate },
      located: { coordinate, granularity: 'coordinate' },
    };
  };

  // On the equator: 0.22° are 24.5 km, 0.23° are 25.6 km.
  it.each([
    [0.22, 2 / 3],
    [0.23, 1 / 3],
  ])('are one vote within 25 km: %d° apart give a confidence of %d', (longitude, confidence) => {
    const cast = [spot(0, 0), spot(0, longitude), spot(50, 100)];
    expect(vote(cast, { match })).toMatchObject({ confidence, granularity: 'coordinate' });
  });

  it('are not one vote with a named place on the same spot', () => {
    const paris = named(CITIES[0]);
    const { latitudeDegrees, longitudeDegrees } = paris.located!.coordinate;
    expect(vote([paris, spot(latitudeDegrees, longitudeDegrees)], { match }).confidence).toBe(0.5);
  });
});
