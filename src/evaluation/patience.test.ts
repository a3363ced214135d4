import { describe, expect, it } from 'vitest';
import { testClock } from '../../test/support/clock.ts';
import { GlobeError } from '../core/errors.ts';
import { createPatience } from './patience.ts';

const down = new GlobeError({ code: 'service', message: 'connect ECONNREFUSED.', retryable: true });
const { signal } = new AbortController();

function patience(patienceMs = 1_800_000) {
  const notices: string[] = [];
  let nowMs = 0;
  const clock = { ...testClock(), now: () => nowMs };
  const slept: number[] = [];
  const sleep = async (ms: number) => {
    slept.push(ms);
    nowMs += ms;
    return Promise.resolve();
  };
  const service = createPatience({
    clock: { ...clock, sleep },
    patienceMs,
    onNotice: (text) => notices.push(text),
  });
  const fail = (tries = 1, more = {}) =>
    service.failed(down, { tries, answersBefore: service.answers(), isLast: false, ...more });
  return { service, fail, slept, notices };
}

describe('a service that is down', () => {
  it('gets longer and longer pauses, with one notice at the start and one at the end', async () => {
    const { service, fail, slept, notices } = patience();
    for (let i = 1; i <= 6; i++) {
      // Several images fail before the pause ends.
      expect([fail(i), fail(i), fail(i)]).toEqual(['retry', 'retry', 'retry']);
      await service.ready(signal);
    }
    expect(slept).toEqual([5000, 10_000, 20_000, 40_000, 60_000, 60_000]);
    service.answered();
    expect(notices).toEqual([
      'The service is down: connect ECONNREFUSED. The run waits for it, at most 30 minutes (--patience).',
      'The service answers again after 195 s.',
    ]);
    await service.ready(signal);
    expect(slept).toHaveLength(6);
  });

  it('ends the run after the patience, with how to resume', async () => {
    const { service, fail, slept } = patience(60_000);
    await expect(
      (async () => {
        for (;;) {
          fail();
          await service.ready(signal);
        }
      })(),
    ).rejects.toMatchObject({
      code: 'service',
      message: 'The service was down for 1 minutes: connect ECONNREFUSED.',
      hint: expect.stringContaining('finished images are kept'),
    });
    expect(slept.reduce((sum, ms) => sum + ms)).toBeGreaterThanOrEqual(60_000);
  });
});

describe('an image that fails', () => {
  it('is recorded after three requests if the service answers others', () => {
    const { service, notices } = patience();
    const outcomes = [1, 2, 3].map((tries) => {
      const answersBefore = service.answers();
      service.answered();
      return service.failed(down, { tries, answersBefore, isLast: false });
    });
    expect(outcomes).toEqual(['retry', 'retry', 'record']);
    expect(notices).toEqual([]);
  });

  it('is recorded after some pauses if it is the last one', () => {
    const { fail } = patience();
    expect([5, 6].map((tries) => fail(tries, { isLast: true }))).toEqual(['retry', 'record']);
  });

  it('is recorded at once if the failure is final', () => {
    const { service } = patience();
    const attempt = { tries: 1, answersBefore: 0, isLast: false };
    const refused = new GlobeError({ code: 'rejected', message: 'too large' });
    expect(service.failed(refused, attempt)).toBe('record');
    expect(service.failed(new Error('a bug'), attempt)).toBe('record');
  });

  it('ends the run at once if the first request was denied', () => {
    const { service } = patience();
    const attempt = { tries: 1, answersBefore: 0, isLast: false };
    const denied = new GlobeError({ code: 'denied', message: 'no such key' });
    expect(() => service.failed(denied, attempt)).toThrow('no such key');
    service.answered();
    expect(service.failed(denied, attempt)).toBe('record');
  });
});
