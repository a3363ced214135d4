import { describe, expect, it } from 'vitest';
import { testClock } from '../../../test/support/clock.ts';
import {
  CONTENT_FILTER,
  DEFAULT_ANSWER,
  imagesIn,
  startOpenAIServer,
  type Fault,
  type ServerOptions,
} from '../../../test/support/openai-server.ts';
import { photoWithMetadata } from '../../../test/support/photos.ts';
import { prepareImage } from '../../image/prepare-image.ts';
import type { GenerateRequest } from '../vision-model.ts';
import { DIALECTS } from './dialects.ts';
import { openOpenAICompatibleModel, type OpenAICompatibleOptions } from './openai-compatible-model.ts';

const request = (more: Partial<GenerateRequest> = {}): GenerateRequest => ({
  prompt: 'Where?',
  samples: 1,
  temperature: 1,
  maxTokens: 64,
  signal: new AbortController().signal,
  ...more,
});

/** Starts a server, and a model that calls it without waiting between retries. Also returns the test clock. */
async function open(server: ServerOptions = {}, options: Partial<OpenAICompatibleOptions> = {}) {
  const running = await startOpenAIServer(server);
  const clock = testClock();
  const model = await openOpenAICompatibleModel({
    baseUrl: running.baseUrl,
    model: 'test-model',
    clock,
    random: () => 1,
    ...options,
  });
  return { server: running, clock, model, [Symbol.asyncDispose]: async () => running[Symbol.asyncDispose]() };
}

/** Makes the first requests fail with the given faults, in order. Later requests succeed. */
const first =
  (...faults: Fault[]) =>
  (index: number): Fault | undefined =>
    faults[index];

describe('generate', () => {
  it('sends the prepared image as a data URI of its true media type, before the prompt', async () => {
    await using session = await open();
    const image = await prepareImage(await photoWithMetadata());
    const [completion] = await session.model.generate(request({ image, system: 'You are a geographer.' }));
    expect(completion).toEqual({
      text: DEFAULT_ANSWER,
      finishReason: 'stop',
      usage: { promptTokens: 1000, completionTokens: 40 },
    });
    const { body, path } = session.server.requests[0]!;
    expect(path).toBe('/v1/chat/completions');
    expect(imagesIn(body)).toEqual([{ mediaType: 'image/jpeg', bytes: Buffer.from(image.bytes) }]);
    expect(body.messages?.map(({ role }) => role)).toEqual(['system', 'user']);
    expect(body).toMatchObject({ model: 'test-model', temperature: 1, max_tokens: 64 });
    expect(body).not.toHaveProperty('n');
  });

  it('gets all samples from one call if the server supports it', async () => {
    await using session = await open({ answer: (_, i) => `answer ${i}` });
    const completions = await session.model.generate(request({ samples: 4, seed: 7 }));
    expect(completions.map(({ text }) => text)).toEqual(['answer 0', 'answer 1', 'answer 2', 'answer 3']);
    expect(session.server.requestCount()).toBe(1);
    expect(session.server.requests[0]!.body).toMatchObject({ n: 4, seed: 7 });
  });

  it('repeats the call with a new seed for each sample if the dialect lacks n', async () => {
    await using session = await open({}, { dialect: DIALECTS.ollama });
    expect(await session.model.generate(request({ samples: 3, seed: 7 }))).toHaveLength(3);
    expect(session.server.requests.map(({ body }) => body.seed!).toSorted((a, b) => a - b)).toEqual([7, 8, 9]);
    expect(session.server.requests.every(({ body }) => body.n === undefined)).toBe(true);
  });

  it.each([400, 422, 501])('drops the schema for a server that rejects it by %d, with one notice', async (status) => {
    const notices: string[] = [];
    const refuses = (_: number, body: object): Fault | undefined =>
      'response_format' in body
        ? { kind: 'status', status, error: { message: "Unknown field 'response_format'" } }
        : undefined;
    await using session = await open({ fault: refuses }, { onNotice: (text) => notices.push(text) });
    const jsonSchema = { type: 'object' };
    expect(await session.model.generate(request({ jsonSchema }))).toMatchObject([{ text: DEFAULT_ANSWER }]);
    expect(await session.model.generate(request({ jsonSchema }))).toMatchObject([{ text: DEFAULT_ANSWER }]);
    expect(session.server.requests.map(({ body }) => 'response_format' in body)).toEqual([true, false, false]);
    expect(notices).toEqual([
      expect.stringMatching(/#test-model does not support answer schemas.*Unknown field 'response_format'/),
    ]);
  });

  it('does not mistake another rejection for one of the schema', async () => {
    const wrong: Fault = { kind: 'status', status: 400, error: { message: 'The image is too large.' } };
    await using session = await open({ fault: first(wrong) });
    await expect(session.model.generate(request({ jsonSchema: { type: 'object' } }))).rejects.toThrow('too large');
    expect(session.server.requestCount()).toBe(1);
  });

  it('requests the missing completions from a server that ignores n, and remembers', async () => {
    await using session = await open({ maxN: 1 });
    expect(await session.model.generate(request({ samples: 4, seed: 1 }))).toHaveLength(4);
    expect(session.server.requests.map(({ body }) => body.n)).toEqual([4, undefined, undefined, undefined]);
    expect(new Set(session.server.requests.map(({ body }) => body.seed)).size).toBeGreaterThan(1);
    await session.model.generate(request({ samples: 2 }));
    expect(session.server.requests.slice(4).every(({ body }) => body.n === undefined)).toBe(true);
  });

  it('repeats the call when the server rejects n', async () => {
    const error = { message: "'n' must be 1", code: 'invalid_value' };
    await using session = await open({ fault: first({ kind: 'status', status: 400, error }) });
    expect(await session.model.generate(request({ samples: 2 }))).toHaveLength(2);
    expect(session.server.requestCount()).toBe(3);
  });

  it('retries empty answers, and returns them if they stay empty', async () => {
    let calls = 0;
    await using session = await open({ answer: () => (calls++ === 0 ? '' : 'Paris') });
    expect((await session.model.generate(request({ samples: 3 }))).map(({ text }) => text)).toEqual([
      'Paris',
      'Paris',
      'Paris',
    ]);
    await using silent = await open({ answer: () => '' });
    // There were three calls, and the tokens of all of them count.
    expect(await silent.model.generate(request())).toEqual([
      { text: '', finishReason: 'stop', usage: { promptTokens: 3000, completionTokens: 120 } },
    ]);
  });

  it('returns log-probabilities with their alternatives', async () => {
    const token = {
      token: 'Yes',
      logprob: -0.1,
      top_logprobs: [
        { token: 'Yes', logprob: -0.1 },
        { token: 'No', logprob: -2.3 },
      ],
    };
    await using session = await open({
      answer: () => ({ message: { content: 'Yes' }, finish_reason: 'length', logprobs: { content: [token] } }),
    });
    const [completion] = await session.model.generate(request({ topLogprobs: 20 }));
    expect(completion).toMatchObject({
      finishReason: 'length',
      logprobs: [{ token: 'Yes', logprob: -0.1, top: [{ token: 'Yes' }, { token: 'No', logprob: -2.3 }] }],
    });
    expect(session.server.requests[0]!.body).toMatchObject({ logprobs: true, top_logprobs: 20 });
  });

  it('rejects invalid log-probabilities, but tolerates rounding', async () => {
    const answer = (logprob: number) => ({
      answer: () => ({ message: { content: 'yes' }, logprobs: { content: [{ token: 'yes', logprob }] } }),
    });
    await using garbage = await open(answer(1000), { retry: { maxAttempts: 1 } });
    await expect(garbage.model.generate(request({ topLogprobs: 20 }))).rejects.toMatchObject({
      code: 'service',
      message: expect.stringContaining('invalid log-probability: 1000'),
    });
    await using rounded = await open(answer(1e-6));
    expect(await rounded.model.generate(request({ topLogprobs: 20 }))).toMatchObject([{ logprobs: [{ logprob: 0 }] }]);
  });

  it('restores thinking that the server removed from the text', async () => {
    await using session = await open({
      answer: () => ({ finish_reason: 'stop', message: { content: 'country: Peru', reasoning_content: 'Llamas.' } }),
    });
    expect((await session.model.generate(request()))[0]!.text).toBe('<think>Llamas.</think>country: Peru');
  });

  it('keeps the number of requests in flight within its limit', async () => {
    let inFlight = 0;
    let most = 0;
    const counting: typeof fetch = async (...args) => {
      most = Math.max(most, ++inFlight);
      try {
        return await fetch(...args);
      } finally {
        inFlight -= 1;
      }
    };
    await using session = await open({}, { concurrency: 2, fetch: counting });
    await Promise.all(Array.from({ length: 9 }, async () => session.model.generate(request())));
    expect(most).toBe(2);
  });
});

describe('generate survives', () => {
  it.each<[string, Fault]>([
    ['429', { kind: 'status', status: 429 }],
    ['500', { kind: 'status', status: 500 }],
    ['503 with HTML', { kind: 'status', status: 503 }],
    ['half a body', { kind: 'half-body' }],
    ['an empty body', { kind: 'empty-body' }],
    ['no choices', { kind: 'no-choices' }],
    ['HTML', { kind: 'html' }],
    ['a reset connection', { kind: 'reset' }],
  ])('%s', async (_, fault) => {
    await using session = await open({ fault: first(fault, fault) });
    expect(await session.model.generate(request())).toMatchObject([{ text: DEFAULT_ANSWER }]);
    expect(session.server.requestCount()).toBe(3);
  });

  it('a server that hangs, by its deadline', async () => {
    await using session = await open({ fault: first({ kind: 'hang' }) });
    const generated = session.model.generate(request());
    await session.server.received(1);
    session.clock.expire();
    expect(await generated).toHaveLength(1);
  });
});

describe('the waits between calls', () => {
  const busy: Fault = { kind: 'status', status: 503 };

  it('double', async () => {
    await using session = await open({ fault: first(busy, busy, busy) });
    await session.model.generate(request());
    expect(session.clock.slept).toEqual([500, 1000, 2000]);
  });

  it.each([
    ['seconds', '7', 7000],
    ['an HTTP date', 'Thu, 01 Jan 2026 00:00:09 GMT', 9000],
  ])('are at least Retry-After in %s', async (_, value, expectedMs) => {
    const fault: Fault = { kind: 'status', status: 429, headers: { 'retry-after': value } };
    await using session = await open({ fault: first(fault) });
    await session.model.generate(request());
    expect(session.clock.slept).toEqual([expectedMs + 50]);
  });

  it('stop if a service requires more than five minutes', async () => {
    await using session = await open({
      fault: first({ kind: 'status', status: 429, headers: { 'retry-after': '3600' } }),
    });
    await expect(session.model.generate(request())).rejects.toMatchObject({ code: 'service', retryAfterMs: 3_600_000 });
    expect(session.server.requestCount()).toBe(1);
  });

  it('end after the last attempt, with the last error', async () => {
    await using session = await open({ fault: () => busy }, { retry: { maxAttempts: 3 } });
    await expect(session.model.generate(request())).rejects.toMatchObject({
      code: 'service',
      retryable: true,
      message: expect.stringContaining('503'),
    });
    expect(session.server.requestCount()).toBe(3);
  });
});

describe('generate gives up at once', () => {
  it('when the content filter rejects the image', async () => {
    await using session = await open({ fault: first(CONTENT_FILTER) });
    await expect(session.model.generate(request())).rejects.toMatchObject({
      code: 'rejected',
      retryable: false,
      message: expect.stringContaining('content filter'),
    });
    expect(session.server.requestCount()).toBe(1);
  });

  it('when the key is wrong, naming its variable but not the key', async () => {
    const error = { message: 'Incorrect API key provided: sk-very-secret' };
    await using session = await open(
      { fault: first({ kind: 'status', status: 401, error }) },
      { apiKey: 'sk-very-secret' },
    );
    await expect(session.model.generate(request())).rejects.toSatisfy(
      (e) => e instanceof Error && !JSON.stringify([e.message, e.stack]).includes('sk-very-secret'),
    );
    expect(session.server.requests[0]!.headers.authorization).toBe('Bearer sk-very-secret');
  });

  it.each([
    [401, 'denied'],
    [403, 'denied'],
    [404, 'denied'],
    [501, 'denied'],
    [400, 'rejected'],
    [413, 'rejected'],
  ])('on status %d, which is %s', async (status, code) => {
    await using session = await open({ fault: first({ kind: 'status', status }) });
    await expect(session.model.generate(request())).rejects.toMatchObject({ code, retryable: false });
    expect(session.server.requestCount()).toBe(1);
  });

  it('when the quota is used up, though the status is 429', async () => {
    const error = { code: 'insufficient_quota', message: 'You exceeded your current quota' };
    await using session = await open({ fault: first({ kind: 'status', status: 429, error }) });
    await expect(session.model.generate(request())).rejects.toMatchObject({ code: 'denied' });
  });

  it('when it is interrupted, with the reason of the signal', async () => {
    await using session = await open({ fault: () => ({ kind: 'hang' }) });
    const controller = new AbortController();
    const generated = session.model.generate(request({ signal: controller.signal }));
    await session.server.received(1);
    controller.abort();
    await expect(generated).rejects.toMatchObject({ name: 'AbortError' });
    expect(session.server.requestCount()).toBe(1);
  });

  it('after all attempts when no server listens at the address', async () => {
    const { baseUrl, ...server } = await startOpenAIServer();
    await server[Symbol.asyncDispose]();
    const model = await openOpenAICompatibleModel({
      baseUrl,
      model: 'm',
      clock: testClock(),
      retry: { maxAttempts: 2 },
    });
    await expect(model.generate(request())).rejects.toMatchObject({
      code: 'service',
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });
});

describe('keys', () => {
  it('are not sent without one', async () => {
    await using session = await open();
    await session.model.generate(request());
    const { headers } = session.server.requests[0]!;
    expect(headers.authorization).toBeUndefined();
    expect(headers['openai-organization']).toBeUndefined();
  });

  it('go to Azure in their own header, with the version of the address', async () => {
    await using server = await startOpenAIServer();
    const model = await openOpenAICompatibleModel({
      baseUrl: `${server.baseUrl}?api-version=2024-10-21`,
      model: 'gpt-4.1',
      apiKey: 'azure-key',
      dialect: DIALECTS.azure,
    });
    await model.generate(request());
    const { headers, path, body } = server.requests[0]!;
    expect(headers['api-key']).toBe('azure-key');
    expect(headers.authorization).toBeUndefined();
    expect(path).toBe('/v1/chat/completions?api-version=2024-10-21');
    expect(body).toHaveProperty('max_completion_tokens', 64);
  });
});
