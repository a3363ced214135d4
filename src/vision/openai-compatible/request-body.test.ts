import { describe, expect, it } from 'vitest';
import type { PreparedImage } from '../../image/prepared-image.ts';
import type { GenerateRequest } from '../vision-model.ts';
import { DIALECTS, type Dialect } from './dialects.ts';
import { checkRequest, encodedRequest, requestBody } from './request-body.ts';

const request = (more: Partial<GenerateRequest> = {}): GenerateRequest => ({
  prompt: 'Where?',
  samples: 1,
  temperature: 1,
  maxTokens: 64,
  signal: new AbortController().signal,
  ...more,
});

const body = (dialect: Dialect, more: Partial<GenerateRequest> = {}, extraBody?: Record<string, unknown>) =>
  requestBody(request(more), { model: 'm', dialect, n: 1, seed: 3, ...(extraBody && { extraBody }) });

const jsonSchema = { type: 'object' };

describe('requestBody', () => {
  it('is minimal for a text', () => {
    expect(body(DIALECTS.generic)).toEqual({
      model: 'm',
      messages: [{ role: 'user', content: 'Where?' }],
      temperature: 1,
      max_tokens: 64,
      seed: 3,
    });
  });

  it('writes structured output as the server reads it', () => {
    expect(body(DIALECTS.generic, { jsonSchema })).toMatchObject({
      response_format: { type: 'json_schema', json_schema: { schema: jsonSchema } },
    });
    const newer = { ...DIALECTS.vllm, structured: 'structured_outputs' } as const;
    expect(body(newer, { jsonSchema })).toMatchObject({ structured_outputs: { json: jsonSchema } });
    expect(body({ ...DIALECTS.vllm, structured: 'guided_json' }, { jsonSchema })).toMatchObject({
      guided_json: jsonSchema,
    });
    expect(Object.keys(body(DIALECTS.ark, { jsonSchema }))).toEqual(['model', 'messages', 'temperature', 'max_tokens']);
  });

  it('writes a choice as the server reads it, and omits it for servers without one', () => {
    const choice = ['yes', 'no'];
    expect(body(DIALECTS.vllm, { choice })).toMatchObject({ structured_outputs: { choice } });
    expect(body({ ...DIALECTS.vllm, choice: 'guided_choice' }, { choice })).toMatchObject({ guided_choice: choice });
    expect(body(DIALECTS.sglang, { choice })).toMatchObject({ regex: '(yes|no)' });
    expect(body(DIALECTS['llama.cpp'], { choice })).toMatchObject({ grammar: 'root ::= "yes" | "no"' });
    expect(body(DIALECTS.generic, { choice })).toEqual(body(DIALECTS.generic));
    expect(() => body(DIALECTS.sglang, { choice: ['a|b'] })).toThrow('a|b');
  });

  it('merges extra fields, and null removes one', () => {
    expect(body(DIALECTS.openai, {}, { temperature: null, top_k: 1 })).toEqual({
      model: 'm',
      messages: [{ role: 'user', content: 'Where?' }],
      max_completion_tokens: 64,
      seed: 3,
      top_k: 1,
    });
  });

  it.each<[Partial<GenerateRequest>, RegExp]>([
    [{ samples: 0 }, /Invalid number of samples: 0/],
    [{ temperature: 1.5 }, /Temperature 1.5 is out of range: .* accept 0 to 1\./],
    [{ topLogprobs: 21 }, /at most 20/],
  ])('rejects what the server cannot do: %j', (more, message) => {
    expect(() => checkRequest(request(more), DIALECTS.ark)).toThrow(message);
  });
});

describe('encodedRequest', () => {
  it('is JSON with the image in its place, whatever the texts contain', () => {
    const image: PreparedImage = {
      bytes: new Uint8Array([255, 216, 0, 1, 2]),
      mediaType: 'image/jpeg',
      widthPixels: 1,
      heightPixels: 1,
      sha256: '',
    };
    const prompt = 'Où? "quoted" \\ data:image/jpeg;base64,';
    const encoded = encodedRequest(request({ image, prompt, system: prompt }), {
      model: 'm',
      dialect: DIALECTS.generic,
      n: 1,
      seed: undefined,
    });
    expect(JSON.parse(Buffer.concat(encoded).toString()).messages).toEqual([
      { role: 'system', content: prompt },
      {
        role: 'user',
        content: [
          { type: 'image_url', image_url: { url: 'data:image/jpeg;base64,/9gAAQI=' } },
          { type: 'text', text: prompt },
        ],
      },
    ]);
  });
});
