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
    const { spreadKm, radiusKm, ...location } = vote(cast, { match });
    expect(location).toEqual({
      kind: 'located',
      place: paris.located!.place,
      coordinate: paris.located!.coordinate,
      granularity: 'city',
      reasoning: 'Paris',
      confidence: 0.5,
      agreement: { samples: 2, of: 4 },
      support: { city: 0.5, region: 0.5, country: 0.5 },
      alternatives: [{ ...madrid.located, probability: 0.25 }],
      samples: cast.map(({ sample }) => sample),
    });
    expect(radiusKm).toBe(spreadKm);
    // The distances from Paris are 1,053 km to Madrid, and 0 km for the two samples of Paris. The spread is their mean.
    expect(spreadKm).toBeCloseTo(1053 / 3, 0);
  });

  it('supports a country with the votes for its other cities', () => {
    const { support } = vote([paris, paris, marseille, madrid], { match });
    expect(support).toEqual({ city: 0.5, region: 0.5, country: 0.75 });
    expect(vote([withConfidence(paris, 0.3)], { match }).support).toEqual({ city: 0.3, region: 0.3, country: 0.3 });
    expect(vote([paris], { match })).not.toHaveProperty('support');
    expect(vote([paris, paris, marseille, madrid], { match, levels: ['country'] }).support).toEqual({ country: 0.75 });
  });

  it('claims at least the usual radius of its level', () => {
    expect(vote([paris, paris], { match })).toMatchObject({ spreadKm: 0, radiusKm: 25 });
    expect(vote([paris, paris], { match, levels: ['country'] })).toMatchObject({ radiusKm: 750 });
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

describe('alternatives', () => {
  const [paris, versailles, marseille, madrid, hamada] = CITIES.map(named) as [Ballot, Ballot, Ballot, Ballot, Ballot];
  /** Returns the ballot with a stated confidence, and with the places of other ballots as alternatives. */
  const beside = (
    ballot: Ballot,
    confidence: number | undefined,
    ...others: [Ballot, (number | undefined)?][]
  ): Ballot => {
    const answer = { ...ballot.sample.answer, ...(confidence !== undefined && { confidence }) };
    return {
      ...ballot,
      sample: { ...ballot.sample, answer },
      alternatives: others.map(([{ located }, probability]) => ({
        ...located!,
        ...(probability !== undefined && { probability }),
      })),
    };
  };
  const rounded = (share: number | undefined) => share && Number(share.toFixed(6));
  type Share = [city: string | undefined, probability: number | undefined];
  const sharesOf = (cast: readonly Ballot[], options: Partial<VoteOptions> = {}): Share[] => {
    const { kind, place, confidence, alternatives = [] } = vote(cast, { match, ...options });
    expect(kind).toBe('located');
    return [
      [place?.city, rounded(confidence)],
      ...alternatives.map((other): Share => [other.place?.city, rounded(other.probability)]),
    ];
  };

  it.each<[string, Ballot[], Share[]]>([
    [
      'of one sample keep their probabilities, likeliest first',
      [beside(paris, 0.6, [madrid, 0.1], [hamada, 0.3])],
      [
        ['Paris', 0.6],
        ['Hamada', 0.3],
        ['Madrid', 0.1],
      ],
    ],
    [
      'of one sample without probabilities keep their order',
      [beside(paris, undefined, [madrid], [hamada])],
      [
        ['Paris', undefined],
        ['Madrid', undefined],
        ['Hamada', undefined],
      ],
    ],
    [
      'never replace the answer of one sample',
      [beside(paris, 0.1, [madrid, 0.9])],
      [
        ['Paris', 0.1],
        ['Madrid', 0.9],
      ],
    ],
    [
      'take their share from the answer of their sample',
      [beside(paris, 0.6, [madrid, 0.4]), madrid],
      [
        ['Madrid', 0.7],
        ['Paris', 0.3],
      ],
    ],
    [
      'decide between answers that have one sample each',
      [hamada, beside(paris, 0.6, [madrid, 0.4]), beside(marseille, 0.5, [madrid, 0.5]), madrid],
      [
        ['Madrid', 1.9 / 4],
        ['Hamada', 0.25],
        ['Paris', 0.15],
        ['Marseille', 0.125],
      ],
    ],
    [
      'do not win without a sample that answers them',
      [beside(paris, 0.5, [madrid, 0.5]), beside(hamada, 0.6, [madrid, 0.4]), beside(marseille, 0.8, [madrid, 0.2])],
      [
        ['Marseille', 0.8 / 3],
        ['Madrid', 1.1 / 3],
        ['Hamada', 0.2],
        ['Paris', 0.5 / 3],
      ],
    ],
    [
      'without probabilities take no votes',
      [beside(paris, undefined, [madrid], [madrid]), beside(versailles, undefined, [madrid]), paris],
      [
        ['Paris', 2 / 3],
        ['Versailles', 1 / 3],
        ['Madrid', undefined],
      ],
    ],
    [
      'are scaled if their probabilities exceed 1 together',
      [beside(paris, 0.8, [madrid, 0.8]), paris],
      [
        ['Paris', 0.75],
        ['Madrid', 0.25],
      ],
    ],
    ['that are the answer of their own sample are not listed', [beside(paris, 0.5, [paris, 0.5])], [['Paris', 0.5]]],
    [
      'are the minority answers of several samples',
      [paris, paris, madrid],
      [
        ['Paris', 2 / 3],
        ['Madrid', 1 / 3],
      ],
    ],
  ])('%s', (_, cast, shares) => {
    expect(sharesOf(cast)).toEqual(shares.map(([city, share]) => [city, rounded(share)]));
  });

  it('lists at most five', () => {
    const spots = Array.from({ length: 9 }, (_, i): Ballot => ({
      sample: paris.sample,
      located: { coordinate: { latitudeDegrees: 10 * i - 40, longitudeDegrees: 0 }, granularity: 'coordinate' },
    }));
    expect(
      vote([beside(paris, undefined, ...spots.map((spot): [Ballot] => [spot]))], { match }).alternatives,
    ).toHaveLength(5);
  });

  it('inside the coarser level that the samples agree on are not listed', () => {
    expect(sharesOf([paris, marseille, madrid], { levels: ['country'] })).toEqual([
      [undefined, rounded(2 / 3)],
      ['Madrid', rounded(1 / 3)],
    ]);
  });

  it('add to the agreement on a level', () => {
    const cast = [paris, beside(madrid, 0.6, [paris, 0.4]), hamada];
    expect(vote(cast, { match, levels: ['city'], agreementShare: 0.45 }).place?.city).toBe('Paris');
    expect(vote(cast, { match, levels: ['city'], agreementShare: 0.48 }).kind).toBe('refused');
  });

  it('never change the sum of the votes', () => {
    const probability = fc.double({ min: 0, max: 1, noNaN: true });
    const split = fc
      .tuple(
        fc.constantFrom(...CITIES).map(named),
        fc.option(probability, { nil: undefined }),
        fc.array(fc.tuple(fc.constantFrom(...CITIES).map(named), fc.option(probability, { nil: undefined })), {
          maxLength: 4,
        }),
      )
      .map(([ballot, confidence, others]) => beside(ballot, confidence, ...others));
    fc.assert(
      fc.property(fc.array(split, { minLength: 2, maxLength: 6 }), (cast) => {
        const { confidence = 0, alternatives = [] } = vote(cast, { match });
        const whole = confidence + alternatives.reduce((total, other) => total + (other.probability ?? 0), 0);
        expect(whole).toBeCloseTo(1, 9);
      }),
    );
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
