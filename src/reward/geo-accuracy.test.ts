import { describe, expect, it } from 'vitest';
import { defined } from '../core/defined.ts';
import type { Score } from '../core/score.ts';
import { openGazetteer } from '../gazetteer/open.ts';
import { locateTarget } from '../prompts/locate-prompt.ts';
import { geoAccuracy } from './geo-accuracy.ts';
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
  // R = 1[country] (α 1[city] + 1 − α), computed by hand.
  it.each([
    [0.8, 'Finland', 'Helsinki', 1],
    [0.8, 'Finland', 'Tampere', 0.2],
    [0.8, 'Sweden', 'Helsinki', 0],
    [0.25, 'Finland', 'Helsinki', 1],
    [0.25, 'Finland', 'Tampere', 0.75],
    [0, 'Finland', 'Tampere', 1],
    [1, 'Finland', 'Tampere', 0],
  ])('with α = %d scores %s, %s against Finland, Helsinki %d', async (alpha, country, city, expected) => {
    const value = await scoreOf(geoAccuracy(gazetteer, { alpha }), says(country, city), 'Finland', 'Helsinki');
    expect(value).toBeCloseTo(expected, 12);
  });

  it('corrects a typing error in the truth, and says so', async () => {
    const truth = { country: 'Frnace', city: 'Paris' };
    const [score] = await paper.score([{ id: '1', completion: says('France', 'Paris'), truth }], { signal });
    expect(score).toMatchObject({
      kind: 'scored',
      value: 1,
      detail: { corrected: [{ written: 'Frnace', read: 'France' }] },
    });
  });

  it('leaves a truth unscored that names no known place', async () => {
    const truth = { country: 'Narnia', city: 'Cair Paravel' };
    const [score] = await paper.score([{ id: '1', completion: says('Narnia', 'Cair Paravel'), truth }], { signal });
    expect(score).toMatchObject({ kind: 'unscored' });
  });

  it('counts a position as the nearest place', async () => {
    expect(await scoreOf(paper, '<answer>60.17, 24.94</answer>', 'Finland', 'Helsinki')).toBe(1);
    expect(await scoreOf(paper, '<answer>-48, -123</answer>', 'Finland', 'Helsinki')).toBe(0);
  });

  it('reports its α and the places that it compared', async () => {
    expect(paper.name).toBe('accuracy/paper/alpha=0.8');
    const truth = { country: 'Finland', city: 'Helsinki' };
    const rows = [says('Finland', 'Turku'), says('Unknown', 'Unknown'), '<think>Brick'].map((completion) => ({
      id: '1',
      completion,
      truth,
    }));
    expect(await paper.score(rows, { signal })).toMatchObject([
      { detail: { answer: 'place', place: { city: 'Turku' }, country: true, city: false } },
      { detail: { answer: 'refusal' } },
      { detail: { answer: expect.stringContaining('unparseable: ') } },
    ]);
  });

  it('gives 1 for country and city, 1 − α for the country alone, 0 otherwise', async () => {
    expect(await scoreOf(paper, says('Finland', 'Helsinki'), 'Finland', 'Helsinki')).toBe(1);
    expect(await scoreOf(paper, says('Finland', 'Tampere'), 'Finland', 'Helsinki')).toBeCloseTo(0.2, 12);
    expect(await scoreOf(paper, says('Sweden', 'Helsinki'), 'Finland', 'Helsinki')).toBe(0);
    expect(await scoreOf(geoAccuracy(gazetteer, { alpha: 0.5 }), says('Finland', 'Turku'), 'Finland', 'Helsinki')).toBe(
      0.5,
    );
  });

  // The released matcher gets each of these pairs wrong.
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

  it('does not score a row whose truth cannot be a name, whatever the answer', async () => {
    const city = 'Quarter, '.repeat(60);
    expect(await scoreOf(paper, says('Finland', 'Helsinki'), 'Finland', city)).toMatch(
      /truth cannot be read.*names no place/,
    );
  });

  it('does not score a row without a true city', async () => {
    const reason = 'the truth lacks the country or the city';
    expect(await scoreOf(paper, says('Finland', 'Helsinki'), 'Finland')).toBe(reason);
    expect(await scoreOf(paper, says('Finland', 'Helsinki'), 'Finland', '')).toBe(reason);
    expect(await scoreOf(paper, says('Finland', 'Helsinki'), '', 'Helsinki')).toBe(reason);
  });
});
