import { describe, expect, it } from 'vitest';
import { GlobeError } from '../../core/errors.ts';
import { answerJson } from './answer-json.ts';
import { completionsOf, ReportedError } from './response.ts';

const TEXT = 'country: Chile\ncity: Arica';
const answer = (message: object, choice: object = {}, rest: object = {}): object => ({
  choices: [{ index: 0, finish_reason: 'stop', message, ...choice }],
  ...rest,
});
const textOf = (body: unknown): string => completionsOf(body)[0]!.text;

describe('completionsOf reads the answer', () => {
  it.each<[string, object]>([
    ['in one text part', { content: [{ type: 'text', text: TEXT }] }],
    ['in a part of the Responses API', { content: [{ type: 'output_text', text: TEXT, annotations: [] }] }],
    ['in parts that are strings', { content: ['country: Chile\n', 'city: Arica'] }],
    [
      'in several parts',
      {
        content: [
          { type: 'text', text: 'country: Chile\n' },
          { type: 'text', text: 'city: Arica' },
        ],
      },
    ],
    [
      'beside an image part',
      {
        content: [
          { type: 'image_url', image_url: { url: 'x' } },
          { type: 'text', text: TEXT },
        ],
      },
    ],
    ['in a part with a value object', { content: [{ type: 'text', text: { value: TEXT, annotations: [] } }] }],
    ['in an object', { content: { text: TEXT } }],
    ['in reasoning_content with null content', { content: null, reasoning_content: TEXT }],
    ['in reasoning with null content', { content: null, reasoning: TEXT }],
    ['in reasoning with empty content', { content: '', reasoning: TEXT, reasoning_content: null }],
    ['in reasoning that is a list, without content', { reasoning_content: [{ text: TEXT }] }],
    ['in reasoning_details alone', { content: null, reasoning_details: [{ type: 'reasoning.text', text: TEXT }] }],
    ['in a refusal beside empty content', { content: '', refusal: TEXT }],
    ['in a refusal part', { content: [{ type: 'refusal', refusal: TEXT }] }],
    ['beside fields in strange forms', { content: TEXT, refusal: 7, reasoning: {}, audio: [], tool_calls: 'none' }],
  ])('%s', (_, message) => {
    expect(textOf(answer(message))).toBe(TEXT);
  });

  it('that a gateway parsed into an object', () => {
    expect(textOf(answer({ content: { country: 'Chile', city: 'Arica' } }))).toBe('{"country":"Chile","city":"Arica"}');
  });

  it('of the legacy API', () => {
    expect(textOf({ choices: [{ text: TEXT, index: 0, logprobs: null }] })).toBe(TEXT);
  });

  it.each<[string, object]>([
    ['strings', { content: TEXT, reasoning_content: ['Cac', 'ti.'] }],
    [
      'thinking parts of Mistral',
      {
        content: [
          { type: 'thinking', thinking: [{ type: 'text', text: 'Cacti.' }] },
          { type: 'text', text: TEXT },
        ],
      },
    ],
    [
      'a thinking part of Anthropic',
      {
        content: [
          { type: 'thinking', thinking: 'Cacti.' },
          { type: 'text', text: TEXT },
        ],
      },
    ],
    ['an object', { content: TEXT, reasoning: { text: 'Cacti.' } }],
  ])('with thinking in %s', (_, message) => {
    expect(textOf(answer(message))).toBe(`<think>Cacti.</think>${TEXT}`);
  });

  it('takes thinking that was cut off for no answer', () => {
    expect(textOf(answer({ content: null, reasoning: 'Spain?' }, { finish_reason: 'length' }))).toBe(
      '<think>Spain?</think>',
    );
  });
});

describe('completionsOf ignores', () => {
  it.each<[string, object, object]>([
    ['token counts in a strange form', {}, { usage: { prompt_tokens: ['7'], completion_tokens: 'many' } }],
    ['usage that is a text', {}, { usage: 'free' }],
    ['a finish reason that is a number', { finish_reason: 2 }, {}],
    ['log-probabilities of the legacy API', { logprobs: { tokens: ['a'], token_logprobs: [-0.1] } }, {}],
    ['a null log-probability', { logprobs: { content: [{ token: 'a', logprob: null, top_logprobs: [] }] } }, {}],
    ['log-probabilities that are a list', { logprobs: [-1, -2] }, {}],
    ['tokens without a name', { logprobs: { content: [{ logprob: -1 }] } }, {}],
    ['a null error', { error: null }, { error: null }],
    ['an unknown stop reason', { stop_reason: 151_645 }, {}],
    ['a warning beside the choices', {}, { error: { message: 'deprecated' } }],
  ])('%s', (_, choice, rest) => {
    const [completion] = completionsOf(answer({ content: TEXT }, choice, rest));
    expect(completion!.text).toBe(TEXT);
    expect(completion!.logprobs).toBeUndefined();
  });

  it('nothing of token counts that are texts', () => {
    const usage = { prompt_tokens: '12', completion_tokens: '5.0' };
    expect(completionsOf(answer({ content: TEXT }, {}, { usage }))[0]!.usage).toEqual({
      promptTokens: 12,
      completionTokens: 5,
    });
  });

  it('an alternative without a log-probability', () => {
    const top = [{ token: 'yes', logprob: -0.1 }, { token: 'no', logprob: null }, null];
    const logprobs = { content: [{ token: 'yes', logprob: -0.1, top_logprobs: top }] };
    expect(completionsOf(answer({ content: 'yes' }, { logprobs }))[0]!.logprobs).toEqual([
      { token: 'yes', logprob: -0.1, top: [{ token: 'yes', logprob: -0.1 }] },
    ]);
  });
});

describe('completionsOf reports', () => {
  const failed = { error: { code: 502, message: 'no upstream' }, finish_reason: 'error', message: { content: '' } };

  it.each<[string, unknown, number | undefined, string]>([
    ['an error with status 200', { error: { message: 'over capacity', code: 503 } }, 503, 'over capacity'],
    ['an error that is a text', { error: 'model is loading' }, undefined, 'model is loading'],
    ['a code that is a text', { error: { message: 'slow down', code: '429' } }, 429, 'slow down'],
    ['an error of vLLM', { object: 'error', message: 'too long', code: 400 }, 400, 'too long'],
    ['a detail of FastAPI', { detail: 'no worker' }, undefined, 'no worker'],
    ['an error beside empty choices', { error: { message: 'busy' }, choices: [] }, undefined, 'busy'],
    ['an error in the only choice', { choices: [failed] }, 502, 'no upstream'],
    ['a choice that ended in an error', { choices: [{ ...failed, error: null }] }, undefined, 'The provider failed'],
    [
      'the words of the provider behind a gateway',
      { error: { message: 'Provider returned error', code: 429, metadata: { raw: 'quota of the pool' } } },
      429,
      'quota of the pool',
    ],
  ])('%s', (_, body, status, words) => {
    const report = (): unknown => completionsOf(body);
    expect(report).toThrow(ReportedError);
    expect(report).toThrow(words);
    expect(report).toThrow(expect.objectContaining({ status }));
  });

  it('the completions of the choices that did not fail', () => {
    const body = { choices: [failed, { message: { content: TEXT }, finish_reason: 'stop' }] };
    expect(completionsOf(body)).toMatchObject([{ text: TEXT }]);
  });

  it.each([[{ choices: null }], [{ choices: [] }], [{ choices: [{}] }], [{ choices: [3] }], [7], [undefined]])(
    '%j as no chat completion',
    (body) => {
      expect(() => completionsOf(body)).toThrow(GlobeError);
    },
  );
});

describe('answerJson', () => {
  it.each<[string, string]>([
    ['JSON behind a byte order mark', `\uFEFF${JSON.stringify(answer({ content: TEXT }))}`],
    ['JSON behind blank lines', `\n\n${JSON.stringify(answer({ content: TEXT }))}\n`],
    ['Python’s infinities', JSON.stringify(answer({ content: TEXT }, { logprobs: 0 })).replace(':0}', ':-Infinity}')],
    [
      'an event stream',
      `data: {"choices":[{"delta":{"role":"assistant","content":"country: Chile\\n"}}]}\n\ndata: {"choices":[{"delta":{"content":"city: Arica"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n`,
    ],
  ])('reads %s', (_, body) => {
    expect(textOf(answerJson(body))).toBe(TEXT);
  });

  it('leaves words inside of strings as they are', () => {
    expect(answerJson('{"a":NaN,"b":"NaN and -Infinity"}')).toEqual({ a: null, b: 'NaN and -Infinity' });
  });

  it('returns what is not JSON as text', () => {
    expect(answerJson('<html>')).toBe('<html>');
    expect(answerJson(' ')).toBeUndefined();
  });
});
