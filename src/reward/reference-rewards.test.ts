import { describe, expect, it } from 'vitest';
import { referenceFormat, referenceNamesMatch, referenceVisual } from './reference-rewards.ts';

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
    // The lazy thinking runs on to the last closing tag before the answer.
    expect(score).toMatchObject({ value: 1 });
  });
});
