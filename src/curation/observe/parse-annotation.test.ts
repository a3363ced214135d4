import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { annotationText } from '../../prompts/annotate-prompt.ts';
import { parseAnnotation } from './parse-annotation.ts';

const REASONING = 'A red double-decker keeps left past brick terraces.';
const london = {
  kind: 'annotation',
  localizable: true,
  reasoning: REASONING,
  place: { country: 'United Kingdom', city: 'London' },
};
const form = { reasoning: REASONING, localizable: 'yes', country: 'United Kingdom', city: 'London' } as const;

describe('parseAnnotation', () => {
  it.each([
    ['the form that the prompt requests', annotationText(form)],
    ['fenced', `Here it is:\n\`\`\`json\n${annotationText(form)}\n\`\`\``],
    ['after thinking', `<think>{"localizable": "no"} at first sight</think>${annotationText(form)}`],
    ['a boolean for the judgement', annotationText(form).replace('"yes"', 'true')],
    ['damaged JSON', annotationText(form).replaceAll('"', "'").replace('}', ',}')],
    ['cut off at the very end', annotationText(form).slice(0, -1)],
    [
      'labelled lines',
      `**Reasoning:** ${REASONING}\n**Localizable:** Yes\n**Country:** United Kingdom\n**City:** London`,
    ],
  ])('reads %s', (_, text) => {
    expect(parseAnnotation(text)).toEqual(london);
  });

  it('reads the entries of the evidence that name a thing', () => {
    const evidence = [
      { thing: 'Bus', attribute: 'red double-decker', text: 'null', supports: 'the United Kingdom' },
      { thing: 'sign', attribute: null, text: 'Whitechapel', supports: 'N/A' },
      { thing: '', attribute: 'red', text: null, supports: null },
      { attribute: 'red' },
      'a street',
    ];
    const text = JSON.stringify({ ...form, evidence });
    expect(parseAnnotation(text)).toEqual({
      ...london,
      evidence: [
        { thing: 'bus', attribute: 'red double-decker', supports: 'the United Kingdom' },
        { thing: 'sign', text: 'Whitechapel' },
      ],
    });
  });

  it.each([[[]], ['a bus'], [null], [{}]])('reads an answer with the evidence %j', (evidence) => {
    expect(parseAnnotation(JSON.stringify({ ...form, evidence }))).toEqual(london);
  });

  it('leaves out unknown values', () => {
    expect(parseAnnotation(annotationText({ ...form, city: null }))).toMatchObject({
      place: { country: 'United Kingdom' },
    });
    expect(parseAnnotation(annotationText({ ...form, localizable: 'no', country: 'Unknown', city: 'N/A' }))).toEqual({
      kind: 'annotation',
      localizable: false,
      reasoning: REASONING,
    });
  });

  it.each([
    ['', 'empty'],
    ['I am sorry, I cannot help with that.', 'no judgement'],
    ['{"reasoning": "A street", "country": "Peru"}', 'no judgement'],
    ['{"reasoning": "", "localizable": "yes"}', 'no reasoning'],
    ['{"reasoning": "A long street that never', 'no judgement'],
    ['{{{{[[[[', 'no judgement'],
  ])('calls %j malformed', (text, reason) => {
    expect(parseAnnotation(text)).toMatchObject({ kind: 'malformed', reason: expect.stringContaining(reason) });
  });

  it('reads every valid annotation, and never throws', () => {
    const words = fc
      .array(fc.stringMatching(/^[a-zA-Zäöüß ,.'"{}:]{1,20}$/), { minLength: 1 })
      .map((parts) => `A ${parts.join(' ')}`.replaceAll(/\s+/g, ' ').trim());
    fc.assert(
      fc.property(words, fc.boolean(), (reasoning, localizable) => {
        const text = annotationText({ ...form, reasoning, localizable: localizable ? 'yes' : 'no' });
        expect(parseAnnotation(text)).toMatchObject({ kind: 'annotation', reasoning, localizable });
      }),
    );
    fc.assert(fc.property(fc.string(), (text) => parseAnnotation(text).kind !== undefined));
  });
});
