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
  it('chooses the position of one of the samples, with a confidence that is a share of the samples', () => {
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

  it('does not depend on the order of the samples, except for ties', () => {
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

  it('finds at least as much agreement on a coarser level, and abstains below half', () => {
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

  it('prefers the more informative kind when kinds tie', () => {
    expect(vote([refusal, named(CITIES[0])], { match }).kind).toBe('located');
    expect(vote([refusal, unknown], { match }).kind).toBe('notGeocodable');
    expect(vote([garbled, refusal], { match }).kind).toBe('refused');
  });
});

describe('the location of a vote', () => {
  const [paris, versailles, marseille, madrid, hamada] = CITIES.map(named) as [Ballot, Ballot, Ballot, Ballot, Ballot];
  const withConfidence = (ballot: Ballot, confidence: number): Ballot => {
    const { answer } = ballot.sample;
    return { ...ballot, sample: { ...ballot.sample, answer: { ...answer, confidence } as typeof answer } };
  };

  it('is the place of the largest group, with its reasoning, the share that agrees and the spread', () => {
    const cast = [madrid, paris, paris, refusal];
    const { spreadKm, ...location } = vote(cast, { match });
    expect(location).toEqual({
      kind: 'located',
      place: paris.located!.place,
      coordinate: paris.located!.coordinate,
      granularity: 'city',
      reasoning: 'Paris',
      confidence: 0.5,
      samples: cast.map(({ sample }) => sample),
    });
    // The distances from Paris are 1,053 km to Madrid, and 0 km for the two samples of Paris. The spread is their mean.
    expect(spreadKm).toBeCloseTo(1053 / 3, 0);
  });

  it('leaves out the spread with one located sample, and the place of a sample without one', () => {
    expect(vote([paris, garbled], { match })).not.toHaveProperty('spreadKm');
    const { coordinate } = paris.located!;
    const bare = { ...paris, located: { coordinate, granularity: 'coordinate' } } as const;
    expect(vote([bare], { match })).not.toHaveProperty('place');
  });

  it('of one sample carries the confidence that the model states, of several the share', () => {
    expect(vote([withConfidence(paris, 0.3)], { match }).confidence).toBe(0.3);
    expect(vote([paris], { match })).not.toHaveProperty('confidence');
    const stated = withConfidence(paris, 0.3);
    expect(vote([stated, stated], { match }).confidence).toBe(1);
    const { coordinate } = paris.located!;
    const answer = { kind: 'coordinate', coordinate, reasoning: 'by the sun', confidence: 0.6 } as const;
    const position = vote([{ ...paris, sample: { answer } }], { match });
    expect(position).toMatchObject({ confidence: 0.6, reasoning: 'by the sun' });
  });

  it.each([
    ['city', paris.located!.place],
    ['region', { country: 'France', countryCode: 'FR', region: 'Île-de-France' }],
    ['country', { country: 'France', countryCode: 'FR' }],
  ] as const)('at the level %s names nothing finer', (level, place) => {
    const cast = [paris, versailles, marseille].slice(0, { city: 1, region: 2, country: 3 }[level]);
    const location = vote(cast, { match, levels: ['country', level], agreementShare: 1 });
    expect(location.place).toEqual(place);
    expect(location.granularity).toBe(level);
  });

  it('at a level of a place without region and code names the country alone', () => {
    const { coordinate } = paris.located!;
    const place = { country: 'France' };
    const cast: Ballot[] = [{ ...paris, located: { coordinate, place, granularity: 'country' } }];
    expect(vote(cast, { match, levels: ['country'] }).place).toEqual(place);
    expect(Object.keys(vote(cast, { match, levels: ['country'] }).place!)).toEqual(['country']);
  });

  it('needs half of all samples for a level, half included', () => {
    expect(vote([paris, paris, refusal, garbled], { match, levels: ['city'] }).kind).toBe('located');
    expect(vote([paris, paris, madrid, marseille, hamada], { match, levels: ['city'] })).toMatchObject({
      kind: 'refused',
      reasoning: '',
      reason: 'the samples do not agree on a city',
    });
  });

  it('counts the agreement over the samples that name the level', () => {
    const { coordinate } = paris.located!;
    const place = { country: 'France', countryCode: 'FR' };
    const france: Ballot = { ...paris, located: { coordinate, place, granularity: 'country' } };
    const location = vote([france, paris], { match, levels: ['city', 'country'], agreementShare: 1 });
    expect(location).toMatchObject({ granularity: 'country', confidence: 1 });
    expect(vote([france], { match, levels: ['city', 'country'] })).toMatchObject({ granularity: 'country' });
    expect(vote([france], { match, levels: ['city'] }).kind).toBe('refused');
    expect(vote([france, paris], { match, levels: ['city'] })).toMatchObject({ granularity: 'city', confidence: 0.5 });
  });

  it('names the coarsest level that the samples do not agree on', () => {
    const cast = [paris, madrid, hamada];
    expect(vote(cast, { match, levels: ['city', 'region'] }).reason).toBe('the samples do not agree on a region');
    expect(vote(cast, { match, levels: [] }).reason).toBe('the samples do not agree on a country');
    expect(vote(cast, { match, levels: ['city'] }).samples).toEqual(cast.map(({ sample }) => sample));
  });
});

describe('a vote without a location says why', () => {
  it.each([
    [[refusal], 'refused', 'the model declined to name a place', 'no idea'],
    [[garbled], 'unparseable', 'nothing in it', ''],
    [[unknown], 'notGeocodable', 'not known', ''],
    [[refusal, refusal, garbled], 'refused', '2 of 3 samples: the model declined to name a place', 'no idea'],
    [[refusal, garbled, garbled], 'unparseable', '2 of 3 samples: nothing in it', ''],
    [[], 'refused', 'the samples do not agree on a country', ''],
  ] as const)('%#', (cast, kind, reason, reasoning) => {
    const location = vote(cast, { match });
    expect(location).toEqual({ kind, reason, reasoning, samples: cast.map(({ sample }) => sample) });
  });

  it('where a place is not known and the sample gives no reason', () => {
    const { answer } = unknown.sample;
    expect(vote([{ sample: { answer } }], { match }).reason).toBe('the place is unknown');
    const { coordinate } = named(CITIES[0]).located!;
    const position: Ballot = { sample: { answer: { kind: 'coordinate', coordinate, reasoning: '' } } };
    expect(vote([position], { match }).kind).toBe('notGeocodable');
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

  // On the equator, 0.22° are 24.5 km and 0.23° are 25.6 km.
  it.each([
    [0.22, 2 / 3],
    [0.23, 1 / 3],
  ])('are one vote within 25 km: %d° apart give a confidence of %d', (longitude, confidence) => {
    const cast = [spot(0, 0), spot(0, longitude), spot(50, 100)];
    expect(vote(cast, { match })).toMatchObject({ confidence, granularity: 'coordinate' });
  });

  it('do not share a vote with a named place at the same spot', () => {
    const paris = named(CITIES[0]);
    const { latitudeDegrees, longitudeDegrees } = paris.located!.coordinate;
    expect(vote([paris, spot(latitudeDegrees, longitudeDegrees)], { match }).confidence).toBe(0.5);
  });
});
