import { describe, expect, it } from 'vitest';
import { defined } from '../core/defined.ts';
import type { Score } from '../core/score.ts';
import { openGazetteer } from '../gazetteer/open.ts';
import { locateTarget } from '../prompts/locate-prompt.ts';
import { geoAccuracy } from './geo-accuracy.ts';
import { geoDistance, shapedValue, tauAt, FIELD_STEPS } from './geo-distance.ts';
import { referenceAccuracy } from './reference-rewards.ts';
import type { Reward } from './reward.ts';

const gazetteer = openGazetteer();
const paper = geoAccuracy(gazetteer);
const reference = referenceAccuracy();
const { signal } = new AbortController();

const valueOf = (score: Score | undefined): number | string =>
  score === undefined ? 'no score' : score.kind === 'scored' ? score.value : score.reason;

async function scoreOf(reward: Reward, completion: string, country: string, city?: string): Promise<number | string> {
  const truth = { country, ...defined({ city }) };
  const [score] = await reward.score([{ id: '1', completion, truth }], { signal });
  return valueOf(score);
}

const says = (country: string, city: string): string => locateTarget({ reasoning: 'Clues.', country, city });

describe('geoAccuracy', () => {
  it('gives 1 for country and city, 1 − α for the country alone, 0 otherwise', async () => {
    expect(await scoreOf(paper, says('Finland', 'Helsinki'), 'Finland', 'Helsinki')).toBe(1);
    expect(await scoreOf(paper, says('Finland', 'Tampere'), 'Finland', 'Helsinki')).toBeCloseTo(0.2, 12);
    expect(await scoreOf(paper, says('Sweden', 'Helsinki'), 'Finland', 'Helsinki')).toBe(0);
    expect(await scoreOf(geoAccuracy(gazetteer, { alpha: 0.5 }), says('Finland', 'Turku'), 'Finland', 'Helsinki')).toBe(
      0.5,
    );
  });

  // The faults of the released matcher: it is right on none of these.
  it.each([
    ['Niger', 'Niamey', 'Nigeria', 'Abuja', 0],
    ['Brazil', 'Sao Paulo', 'Brazil', 'São Paulo', 1],
    ['United States', 'New York', 'United States', 'New York City', 1],
    ['USA', 'Chicago', 'United States', 'Chicago', 1],
    ['UK', 'Leeds', 'United Kingdom', 'Leeds', 1],
    ['Czechia', 'Prague', 'Czech Republic', 'Prague', 1],
    ['Türkiye', 'Istanbul', 'Turkey', 'Istanbul', 1],
    ['Ukraine', 'Kyiv', 'Ukraine', 'Kiev', 1],
    ['Italy', 'Roma', 'Italy', 'Rome', 1],
    ['Vietnam', 'Ho Chi Minh', 'Vietnam', 'Ho Chi Minh City', 1],
    ['United States', 'Washington', 'United States', 'Washington D.C.', 1],
    ['Hong Kong', 'Hong Kong', 'Hong Kong SAR', 'Hong Kong', 1],
  ])('judges %s, %s against %s, %s by identity, where the release does not', async (country, city, c, t, expected) => {
    expect(await scoreOf(paper, says(country, city), c, t)).toBe(expected);
    expect(await scoreOf(reference, says(country, city), c, t)).not.toBe(expected);
  });

  it('reads the one-line answer of the poster, which the release scores 0', async () => {
    const poster = '<think>Brick.</think>\n\n<answer> country: Finland, city: Helsinki </answer>';
    expect(await scoreOf(paper, poster, 'Finland', 'Helsinki')).toBe(1);
    expect(await scoreOf(reference, poster, 'Finland', 'Helsinki')).toBe(0);
  });

  it('scores refusals and unreadable answers 0: they are answers, and wrong', async () => {
    expect(await scoreOf(paper, says('Unknown', 'Unknown'), 'Finland', 'Helsinki')).toBe(0);
    expect(await scoreOf(paper, '<think>Brick', 'Finland', 'Helsinki')).toBe(0);
  });

  it('leaves a row whose truth no name can be unscored, whatever the answer', async () => {
    const city = 'Quarter, '.repeat(60);
    expect(await scoreOf(paper, says('Finland', 'Helsinki'), 'Finland', city)).toMatch(
      /truth cannot be read.*names no place/,
    );
  });

  it('leaves a row without a true city unscored', async () => {
    expect(await scoreOf(paper, says('Finland', 'Helsinki'), 'Finland')).toBe('the truth names no country or no city');
  });
});

describe('geoDistance', () => {
  it('gives the full reward to the gold answer and less the further away', async () => {
    const reward = geoDistance(gazetteer, { shape: { kind: 'exponential', tauKm: 100 } });
    const values = await Promise.all(
      ['Helsinki', 'Espoo', 'Turku', 'Oulu'].map((city) =>
        scoreOf(reward, says('Finland', city), 'Finland', 'Helsinki'),
      ),
    );
    expect(values[0]).toBe(1);
    expect(values).toEqual(values.toSorted((a, b) => Number(b) - Number(a)));
    expect(new Set(values).size).toBe(4);
  });

  it('is unscored where the truth has no position, and 0 where the answer has none', async () => {
    const reward = geoDistance(gazetteer);
    expect(await scoreOf(reward, says('Finland', 'Helsinki'), 'Nowhereland', 'Nowhere')).toContain(
      'the truth has no position',
    );
    expect(await scoreOf(reward, says('Nowhereland', 'Nowhere'), 'Finland', 'Helsinki')).toBe(0);
  });

  it('has shapes that meet their points', () => {
    expect(shapedValue(FIELD_STEPS, 25)).toBe(0.8);
    expect(shapedValue(FIELD_STEPS, 25.1)).toBe(0.6);
    expect(shapedValue(FIELD_STEPS, 9000)).toBe(0);
    const line = {
      kind: 'piecewise-linear',
      points: [
        [10, 1],
        [30, 0.5],
        [100, 0],
      ],
    } as const;
    expect([0, 10, 20, 30, 65, 100, 500].map((km) => shapedValue(line, km))).toEqual([1, 1, 0.75, 0.5, 0.25, 0, 0]);
  });

  it('narrows τ geometrically with progress', () => {
    expect(tauAt({ startKm: 1000, endKm: 10, progress: 0 })).toBe(1000);
    expect(tauAt({ startKm: 1000, endKm: 10, progress: 0.5 })).toBeCloseTo(100, 9);
    expect(tauAt({ startKm: 1000, endKm: 10, progress: 1 })).toBeCloseTo(10, 9);
    expect(() => tauAt({ startKm: 1, endKm: 1, progress: 1.5 })).toThrow('1.5');
  });
});
