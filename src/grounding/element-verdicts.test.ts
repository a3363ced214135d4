import { describe, expect, it } from 'vitest';
import type { Claim } from './claim.ts';
import { elementVerdicts } from './element-verdicts.ts';

const seen = (...labels: string[]) => ({ elements: labels.map((label) => ({ label, share: 0.1 })) });
const ADE = ['building', 'sky', 'tree', 'road', 'signboard', 'car', 'flag', 'bus', 'plate', 'streetlight'];

function verdictOf(claim: Claim, labels: readonly string[], vocabulary?: readonly string[] | 'complete') {
  const [verdict] = elementVerdicts([claim], seen(...labels), vocabulary === undefined ? {} : { vocabulary });
  return `${verdict!.verdict}${verdict!.onlyThing === true ? ', only the thing' : ''}`;
}

describe('a segmentation', () => {
  it.each([
    ['a thing by its label', { thing: 'bus' }, ['bus'], 'seen'],
    ['a plural', { thing: 'buses' }, ['bus'], 'seen'],
    ['a kind of the label', { thing: 'taxi' }, ['car'], 'seen'],
    ['an attribute that the label repeats', { thing: 'flag', attribute: 'red white' }, ['red white flag'], 'seen'],
    ['an attribute after the noun', { thing: 'sign', attribute: 'in Cyrillic script' }, ['cyrillic sign'], 'seen'],
    ['an attribute with a hyphen', { thing: 'tower', attribute: 'gold-ball' }, ['gold-ball tower'], 'seen'],
    ['a part without a class by its whole', { thing: 'balcony' }, ['building'], 'seen'],
    ['not an attribute that the label omits', { thing: 'bus', attribute: 'yellow' }, ['bus'], 'seen, only the thing'],
    ['not the script of a signboard', { thing: 'sign', attribute: 'Thai' }, ['signboard'], 'seen, only the thing'],
  ] as const)('confirms %s', (_, claim, labels, expected) => {
    expect(verdictOf(claim, labels, ADE)).toBe(expected);
  });

  it.each([
    ['an absent thing that it has a class for', { thing: 'bus' }, ['car', 'road'], ADE],
    ['another attribute', { thing: 'sign', attribute: 'Thai' }, ['greek sign'], ADE],
    ['flags of another country', { thing: 'flag', attribute: 'blue white' }, ['red white flag'], ADE],
    ['any absent thing of a complete list', { thing: 'elephant' }, ['road'], 'complete'],
    ['a part that it has a class for and does not see', { thing: 'licence plate' }, ['car'], ['car', 'licence plate']],
  ] as const)('contradicts %s', (_, claim, labels, vocabulary) => {
    expect(verdictOf(claim, labels, vocabulary)).toBe('contradicted');
  });

  it.each([
    ['a thing without a class', { thing: 'kerb' }, ['road'], ADE],
    ['a number plate by the class for crockery', { thing: 'licence plate' }, ['road'], ADE],
    ['an absent thing, if its classes are unknown', { thing: 'bus' }, ['road'], undefined],
    ['a text without a reader', { thing: 'sign', text: 'Pekara' }, ['signboard'], ADE],
  ] as const)('cannot decide about %s', (_, claim, labels, vocabulary) => {
    expect(verdictOf(claim, labels, vocabulary)).toBe('cannot tell');
  });

  it.each([
    ['CAFE ROMA 1960', 'seen'],
    ['CAFE ROMANA', 'contradicted'],
  ])('finds a claimed text in %s by whole words: %s', (line, expected) => {
    const claims = [{ thing: 'sign', text: 'Café Roma' }];
    expect(elementVerdicts(claims, { ...seen(), texts: [line] })[0]!.verdict).toBe(expected);
  });
});
