import { describe, expect, it } from 'vitest';
import { completionParts, parseAnswer } from '../core/answer-grammar.ts';
import { locatePrompt, locateTarget } from './locate-prompt.ts';

describe('locatePrompt', () => {
  it('asks for both tags and both lines, and without reasoning for the lines alone', () => {
    for (const wanted of [
      '<think>',
      '</think>',
      '<answer>',
      '</answer>',
      'country: [country name]',
      'city: [city name]',
    ]) {
      expect(locatePrompt()).toContain(wanted);
    }
    expect(locatePrompt({ reasoning: false })).not.toContain('<');
    expect(locatePrompt({ reasoning: false })).toContain('country: [country name]\ncity: [city name]');
  });

  it('given back word for word is no answer, and no place called "city name"', () => {
    expect(parseAnswer(locatePrompt({ reasoning: false })).kind).toBe('unparseable');
  });
});

describe('locateTarget', () => {
  it('is well formed, and its place and reasoning are read back', () => {
    const text = locateTarget({ reasoning: 'Red brick.', country: 'Finland', city: 'Helsinki' });
    expect(completionParts(text).wellFormed).toBe(true);
    expect(parseAnswer(text)).toEqual({
      kind: 'place',
      place: { country: 'Finland', city: 'Helsinki' },
      reasoning: 'Red brick.',
    });
  });
});
