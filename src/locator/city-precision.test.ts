import { describe, expect, it } from 'vitest';
import type { Answer } from '../core/answer.ts';
import type { PreparedImage } from '../image/prepared-image.ts';
import { cityPrecise } from './city-precision.ts';
import type { Location, Locator } from './locator.ts';

const door = { latitudeDegrees: 48.858_37, longitudeDegrees: 2.294_48 };
const coarse = { latitudeDegrees: 48.9, longitudeDegrees: 2.3 };
/** The centre of a place in the gazetteer. */
const centre = { latitudeDegrees: 45.764_04, longitudeDegrees: 4.835_66 };

const states = (coordinate: typeof door | undefined): Answer => ({
  kind: 'place',
  place: { country: 'France' },
  reasoning: '',
  ...(coordinate !== undefined && { coordinate }),
});

async function shown(location: Pick<Location, 'coordinate' | 'granularity' | 'alternatives' | 'samples'>) {
  const fine: Locator = { name: 'm', locate: async () => ({ kind: 'located', reasoning: '', ...location }) };
  const locator = cityPrecise(fine);
  return locator.locate({} as PreparedImage, { signal: new AbortController().signal });
}

describe('city precision', () => {
  it.each(['coordinate', 'city', 'region', 'country'] as const)(
    'rounds a position that a sample states, at the granularity %s',
    async (granularity) => {
      const samples = [{ answer: states(door), coordinate: door }];
      const { coordinate, samples: rounded } = await shown({ coordinate: door, granularity, samples });
      expect(coordinate).toEqual(coarse);
      expect(rounded[0]!.coordinate).toEqual(coarse);
    },
  );

  it('leaves the centre of a place as it is', async () => {
    const samples = [{ answer: states(undefined), coordinate: centre }];
    const location = await shown({ coordinate: centre, granularity: 'city', samples });
    expect(location).toMatchObject({ coordinate: centre, samples: [{ coordinate: centre }] });
  });

  it('rounds the positions of alternatives', async () => {
    const samples = [{ answer: states(undefined), coordinate: centre }];
    const { alternatives } = await shown({
      coordinate: centre,
      granularity: 'city',
      alternatives: [
        { coordinate: door, granularity: 'coordinate' },
        { coordinate: centre, granularity: 'city' },
      ],
      samples,
    });
    expect(alternatives?.map(({ coordinate }) => coordinate)).toEqual([coarse, centre]);
  });
});
