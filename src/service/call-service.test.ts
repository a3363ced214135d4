import { describe, expect, it } from 'vitest';
import { testClock } from '../../test/support/clock.ts';
import { callService, jsonOf, type ServiceCall } from './call-service.ts';
import { retryAfterMs } from './retry-after.ts';

const NOW = Date.parse('2026-01-01T00:00:00Z');

function call(fetch: typeof globalThis.fetch, more: Partial<ServiceCall> = {}): ServiceCall {
  return {
    url: 'http://service/ask?key=geheim',
    request: { method: 'POST', body: 'x' },
    title: 'The service',
    secrets: ['geheim'],
    timeoutMs: 1000,
    hint: 'Look at it.',
    fetch,
    clock: testClock({ nowMs: NOW }),
    signal: new AbortController().signal,
    ...more,
  };
}
const answers =
  (status: number, body: string, headers?: Record<string, string>): typeof globalThis.fetch =>
  async () =>
    new Response(body, { status, ...(headers && { headers }) });

describe('callService', () => {
  it('returns the whole answer, with its Retry-After', async () => {
    const request = call(answers(503, '{"rows":[]}', { 'retry-after': '7' }), { isAnswer: (status) => status === 503 });
    const answer = await callService(request);
    expect(answer).toEqual({ status: 503, text: '{"rows":[]}', retryAfterMs: 7000 });
    expect(jsonOf(answer, request)).toEqual({ rows: [] });
  });

  it.each([
    [400, 'rejected', false],
    [404, 'rejected', false],
    [408, 'service', true],
    [429, 'service', true],
    [500, 'service', true],
    [503, 'service', true],
  ])('rejects %i with whether a retry may help, without the secret', async (status, code, retryable) => {
    const request = call(answers(status, 'no: geheim', { 'retry-after': '3' }), { hintOf: (was) => `hint ${was}` });
    await expect(callService(request)).rejects.toMatchObject({
      code,
      retryable,
      retryAfterMs: 3000,
      hint: `hint ${status}`,
      message: `The service answered ${status}: no: ***`,
    });
  });

  it('reports why a call got no answer', async () => {
    const refused: typeof globalThis.fetch = async () => {
      throw new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') });
    };
    await expect(callService(call(refused, { about: ' for “Paris”' }))).rejects.toMatchObject({
      code: 'service',
      retryable: true,
      hint: 'Look at it.',
      message: 'The service did not answer properly for “Paris”: connect ECONNREFUSED.',
    });
  });

  it('rejects at its deadline, and with the reason of its signal', async () => {
    const clock = testClock();
    const hangs: typeof globalThis.fetch = async (_, init) =>
      new Promise((_resolve, reject) => {
        init!.signal!.addEventListener('abort', () => reject(init!.signal!.reason as Error));
      });
    const late = callService(call(hangs, { clock }));
    clock.expire();
    await expect(late).rejects.toMatchObject({ code: 'timeout', retryable: true });
    const controller = new AbortController();
    const stopped = callService(call(hangs, { signal: controller.signal }));
    controller.abort(new Error('enough'));
    await expect(stopped).rejects.toThrow('enough');
  });

  it('rejects an incomplete body', async () => {
    const request = call(answers(200, '{"rows": ['));
    const answer = await callService(request);
    expect(() => jsonOf(answer, request)).toThrow('did not answer properly');
  });
});

describe('retryAfterMs', () => {
  it.each([
    [{ 'retry-after': '2' }, 2000],
    [{ 'retry-after': 'Thu, 01 Jan 2026 00:00:05 GMT' }, 5000],
    [{ 'retry-after': 'Wed, 31 Dec 2025 00:00:00 GMT' }, 0],
    [{ 'retry-after-ms': '150', 'retry-after': '2' }, 150],
    [{ 'retry-after': 'soon' }, undefined],
    [{}, undefined],
  ])('reads %o', (headers, ms) => {
    expect(retryAfterMs(new Headers(headers), NOW)).toBe(ms);
  });
});
