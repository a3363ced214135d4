import { describe, expect, it } from 'vitest';
import { ANNOTATE_JSON_SCHEMA, ANNOTATE_PROMPT, ANNOTATE_PROMPT_VERSION, annotationText } from './annotate-prompt.ts';

const evidence = [{ thing: 'bus', attribute: 'red', text: null, supports: 'the United Kingdom' }];
const form = {
  evidence,
  reasoning: 'Red buses keep left.',
  localizable: 'yes',
  country: 'United Kingdom',
  city: null,
} as const;

describe('the annotation prompt', () => {
  it('asks for every field of the schema, and for no other', () => {
    const fields = [...ANNOTATE_PROMPT.matchAll(/[{,] ?"(\w+)": (?:"\[|\[)/g)].map(([, field]) => field);
    expect(fields).toEqual(ANNOTATE_JSON_SCHEMA['required']);
    expect(Object.keys(ANNOTATE_JSON_SCHEMA['properties'] as object)).toEqual(fields);
  });

  it('has a written form with the judgement after the reasons', () => {
    expect(Object.keys(JSON.parse(annotationText(form)) as object)).toEqual(ANNOTATE_JSON_SCHEMA['required']);
    expect(JSON.parse(annotationText(form))).toEqual(form);
  });

  it('changes only together with its version', () => {
    expect(ANNOTATE_PROMPT_VERSION).toBe('annotate-2');
    expect(`${ANNOTATE_PROMPT.length} ${ANNOTATE_PROMPT.split(/\s+/).length}`).toMatchInlineSnapshot(`"1283 211"`);
  });
});
