import { describe, expect, it } from 'vitest';
import type { Reward, RewardInput } from './reward.ts';
import { referenceAccuracy, referenceFormat, referenceNamesMatch, referenceVisual } from './reference-rewards.ts';

const { signal } = new AbortController();

describe('the reference mode keeps the faults of the release', () => {
  it.each([
    ['Niger', 'Nigeria'],
    ['Paris', 'Parish'],
  ])('takes %s for %s', (a, b) => {
    expect(referenceNamesMatch(a, b)).toBe(true);
    expect(referenceNamesMatch(b, a)).toBe(true);
  });

  it.each([
    ['Sao Paulo', 'São Paulo'],
    ['New York', 'New York City'],
    ['USA', 'United States'],
    ['UK', 'United Kingdom'],
    ['Czechia', 'Czech Republic'],
    ['Türkiye', 'Turkey'],
    ['Kyiv', 'Kiev'],
    ['Roma', 'Rome'],
    ['Ho Chi Minh', 'Ho Chi Minh City'],
    ['Washington', 'Washington D.C.'],
    ['Hong Kong', 'Hong Kong SAR'],
  ])('does not take %s for %s', (a, b) => {
    expect(referenceNamesMatch(a, b)).toBe(false);
  });

  it.each([
    ['tree', 'A street.'],
    ['car', 'A red scarf.'],
    ['sea', 'The season is autumn.'],
    ['bus', 'A business district.'],
    ['sign', 'The design is modern.'],
    ['bar', 'This is Barcelona.'],
    ['hill', 'A chill morning.'],
  ])('finds %s in "%s"', async (tag, thinking) => {
    const completion = `<think>${thinking}</think><answer>country: Spain\ncity: Barcelona</answer>`;
    const [score] = await referenceVisual().score(
      [{ id: '1', completion, truth: { country: 'Spain' }, entityTags: [tag] }],
      { signal },
    );
    expect(score).toMatchObject({ kind: 'scored', value: 1 });
  });

  it('accepts repeated tags as format', async () => {
    const completion = '<think>a</think><think>b</think><answer>c</answer><answer>d</answer>';
    const [score] = await referenceFormat().score([{ id: '1', completion, truth: { country: 'Spain' } }], { signal });
    // The pattern requires </think> directly before <answer>, but other tags may come before and after them.
    expect(score).toMatchObject({ value: 1 });
  });
});

describe('the formulas of the release', () => {
  const first = async (reward: Reward, row: Partial<RewardInput>) =>
    (await reward.score([{ id: '1', completion: '', truth: { country: 'Spain' }, ...row }], { signal }))[0];

  // Names match if seven of ten characters agree, but not if only six agree. An empty name matches nothing.
  it.each([
    ['abcdefg', 'abcdefghij', true],
    ['abcdef', 'abcdefghij', false],
    ['', '', false],
    ['SPAIN', 'spain', true],
  ])('takes "%s" for "%s": %s', (a, b, expected) => {
    expect([referenceNamesMatch(a, b), referenceNamesMatch(b, a)]).toEqual([expected, expected]);
  });

  it.each([
    ['<answer>country: Spain\ncity: Madrid</answer>', 1, true, true],
    ['<answer>country:   SPAIN  \ncity: Madrid </answer>', 1, true, true],
    ['<answer>country: Spain          \ncity: Madrid          </answer>', 1, true, true],
    ['<answer>country: Spain\ncity: Seville</answer>', 0.2, true, false],
    ['<answer>country: Spain</answer>', 0.2, true, false],
    ['<answer>country: Japan\ncity: Madrid</answer>', 0, false, true],
    ['<answer>Spain, Madrid</answer>', 0, false, false],
    ['country: Spain\ncity: Madrid', 0, false, false],
    ['<answer>country: Spain\ncity: Madrid', 0, false, false],
    ['country: Spain\ncity: Madrid</answer>', 0, false, false],
    ['country: Japan<answer>country: Spain\ncity: Madrid</answer>country: Japan', 1, true, true],
    ['</answer><answer>country: Spain\ncity: Madrid</answer>', 1, true, true],
  ])('accuracy of %j is %d', async (completion, value, country, city) => {
    const score = await first(referenceAccuracy(), { completion, truth: { country: 'Spain', city: 'Madrid' } });
    expect(score).toEqual({ kind: 'scored', value, detail: { country, city } });
  });

  it('lower-cases names, which leaves the length of "Groß" as it is', async () => {
    const completion = '<answer>country: Groß</answer>';
    expect(await first(referenceAccuracy(), { completion, truth: { country: 'Groß' } })).toMatchObject({ value: 0.2 });
  });

  it('finds no city if the truth has none', async () => {
    const completion = '<answer>country: Spain\ncity: Madrid</answer>';
    expect(await first(referenceAccuracy(), { completion })).toMatchObject({ value: 0.2 });
  });

  // Recall over distinct tags: found tags divided by all tags.
  it.each([
    [['tree', 'car', 'sea', 'dog'], '<think>A tree and a Car.</think>sea dog', 0.5, ['tree', 'car']],
    [['Tree', 'tree'], '<think>tree</think>', 1, ['tree']],
    [['tree', 'car', 'sea'], 'tree, never closed', 1 / 3, ['tree']],
    [['tree'], 'never closed, a tree', 1, ['tree']],
    [['tree'], '</think>tree', 0, []],
    [['think'], '<think>a</think>', 0, []],
    [[], '<think>tree</think>', 0, []],
  ])('visual recall of the tags %j in %j is %d', async (entityTags, completion, value, matched) => {
    const score = await first(referenceVisual(), { completion, entityTags });
    expect(score).toEqual({ kind: 'scored', value: expect.closeTo(value, 12), detail: { matched } });
  });

  it('does not score a row without tags', async () => {
    expect(await first(referenceVisual(), {})).toEqual({ kind: 'unscored', reason: 'the row has no entity tags' });
  });

  it.each([
    ['<think>a</think><answer>b</answer>', 1],
    ['<think>a</think> \n <answer></answer>', 1],
    ['<think>a</think>b<answer>c</answer>', 0],
    ['<think>a</think><answer>', 0],
    ['<think></think><answer></answer>', 1],
    ['a</think><answer>b</answer>', 0],
    ['<think>a</think><answer>b', 0],
    ['thinking</think><answer>b</answer>', 0],
    ['<think>a</think><answer>b, and more', 0],
    ['<think>a</answer>', 0],
    ['a</answer>', 0],
  ])('format of %j is %d', async (completion, value) => {
    expect(await first(referenceFormat(), { completion })).toEqual({ kind: 'scored', value });
  });
});
