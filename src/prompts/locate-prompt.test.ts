import { describe, expect, it } from 'vitest';
import { completionParts, parseAnswer } from '../core/answer-grammar.ts';
import { locatePrompt, locateTarget } from './locate-prompt.ts';

describe('locatePrompt', () => {
  it('asks for both tags and both lines, and without reasoning for the lines alone', () => {
    for (const part of [
      '<think>',
      '</think>',
      '<answer>',
      '</answer>',
      'country: [country name]',
      'city: [city name]',
    ]) {
      expect(locatePrompt()).toContain(part);
    }
    expect(locatePrompt({ reasoning: false })).not.toContain('<');
    expect(locatePrompt({ reasoning: false })).toContain('country: [country name]\ncity: [city name]');
  });

  it('is not parsed as an answer when a model repeats it', () => {
    expect(parseAnswer(locatePrompt({ reasoning: false })).kind).toBe('unparseable');
  });
});

describe('locateTarget', () => {
  it('is well formed and parses into its place and reasoning', () => {
    const text = locateTarget({ reasoning: 'Red brick.', country: 'Finland', city: 'Helsinki' });
    expect(completionParts(text).wellFormed).toBe(true);
    expect(parseAnswer(text)).toEqual({
      kind: 'place',
      place: { country: 'Finland', city: 'Helsinki' },
      reasoning: 'Red brick.',
    });
  });
});
