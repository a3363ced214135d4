import { describe, expect, it } from 'vitest';
import { testClock } from '../../../test/support/clock.ts';
import { GlobeError } from '../../core/errors.ts';
import { openOpenAICompatibleModel } from '../../vision/openai-compatible/openai-compatible-model.ts';
import { createOutageWatch } from './outage.ts';
import type { OutageOptions } from './outage.ts';

const down = new GlobeError({ code: 'service', message: 'the server is down.', retryable: true });
const refused = new GlobeError({ code: 'rejected', message: 'answered 400 no such field.', hint: 'Drop the field.' });
const wrongKey = await thrownBy(401);
const noFile = new GlobeError({ code: 'not-found', message: 'The file a.jpg does not exist.' });

function watch(options: Partial<OutageOptions> = {}) {
  const notices: string[] = [];
  const clock = testClock();
  const outage = createOutageWatch({
    clock,
    maxOutageMs: 3_600_000,
    photos: 1000,
    onNotice: (text) => notices.push(text),
    ...options,
  });
  const fail = (error: GlobeError, times: number) =>
    Array.from({ length: times }, () => outage.failed('annotation:a', error)).filter((fatal) => fatal !== undefined);
  return { outage, notices, fail, clock };
}

const dnsError = (code: string): Error => Object.assign(new Error(`getaddrinfo ${code} nowhere`), { code });

/**
 * Returns the error that the real client throws for an HTTP status or a fetch error, so that the tests use error codes
 * that occur in practice.
 */
async function thrownBy(failure: number | Error): Promise<GlobeError> {
  const fetch = async () => {
    if (typeof failure !== 'number') throw failure;
    return Response.json({ error: { message: 'no such key' } }, { status: failure });
  };
  const retry = { maxAttempts: 1 };
  const model = await openOpenAICompatibleModel({ baseUrl: 'http://localhost/v1', model: 'm', fetch, retry });
  const request = { prompt: 'p', samples: 1, temperature: 0, maxTokens: 9, signal: new AbortController().signal };
  return model.generate(request).then(
    () => expect.fail('the call succeeded'),
    (error: unknown) => error as GlobeError,
  );
}

describe('an instrument that fails', () => {
  it('is paused, and a notice gives the reason and the time of the next try', async () => {
    const { notices, fail, outage, clock } = watch();
    expect(fail(down, 25)).toEqual([]);
    const when = new Date(clock.now() + 60_000).toTimeString().slice(0, 8);
    expect(notices).toEqual([
      `annotation:a failed 25 times in a row: the server is down. The next try is in 60 s, at ${when}; the run ends if the failures last 60 minutes (maxOutageMinutes).`,
    ]);
    await outage.ready('annotation:a', new AbortController().signal);
    expect(clock.slept).toEqual([60_000]);
  });

  it('ends the run at once if its first answers are all refusals', () => {
    const { fail, notices } = watch();
    expect(fail(wrongKey, 24)).toEqual([]);
    const [fatal] = fail(wrongKey, 1);
    expect(fatal).toMatchObject({
      code: 'denied',
      message: expect.stringMatching(/^The first 25 answers of annotation:a were all refusals: .* 401 no such key\.$/),
      hint: expect.stringContaining('Set a valid key'),
    });
    expect(notices).toEqual([]);
    expect(watch({ photos: 3 }).fail(refused, 3)).toHaveLength(1);
  });

  it.each([400, 401, 402, 403, 404, 405, 410, 413, 422, 501])(
    'ends the run at once for the status %d, as the client throws it',
    async (status) => {
      expect(watch({ photos: 3 }).fail(await thrownBy(status), 3)).toHaveLength(1);
    },
  );

  it('ends the run at once if its host is unknown, but pauses a run that it answered', async () => {
    const unknown = await thrownBy(new TypeError('fetch failed', { cause: dnsError('ENOTFOUND') }));
    expect(watch({ photos: 25 }).fail(unknown, 25)).toMatchObject([
      { code: 'denied', message: expect.stringContaining('ENOTFOUND'), hint: expect.stringContaining('base URL') },
    ]);
    const { outage, fail, notices } = watch();
    outage.succeeded('annotation:a');
    expect(fail(unknown, 25)).toEqual([]);
    expect(notices).toHaveLength(1);
    const busy = await thrownBy(new TypeError('fetch failed', { cause: dnsError('EAI_AGAIN') }));
    expect(watch().fail(busy, 25)).toEqual([]);
  });

  it('ends the run if its first 25 answers are all malformed, with the reason', () => {
    const { outage } = watch();
    const malformed = () => outage.malformed('annotation:a', 'cut at 9 tokens');
    for (let i = 0; i < 24; i++) expect(malformed()).toBeUndefined();
    expect(malformed()).toMatchObject({
      message: 'The first 25 answers of annotation:a were all malformed. The last one: cut at 9 tokens',
    });
    const other = watch().outage;
    other.succeeded('annotation:a');
    for (let i = 0; i < 50; i++) expect(other.malformed('annotation:a', 'cut')).toBeUndefined();
  });

  it('does not end the run at once if it answered before, or may answer later', () => {
    const { outage, fail, notices } = watch();
    outage.succeeded('annotation:a');
    expect(fail(wrongKey, 25)).toEqual([]);
    expect(notices).toHaveLength(1);
    const other = watch();
    expect([...other.fail(down, 1), ...other.fail(wrongKey, 24)]).toEqual([]);
  });
});

describe('missing files', () => {
  it('cause no pause, and end the run if the first files are all missing', () => {
    const { outage, fail, notices } = watch();
    outage.succeeded('annotation:a');
    expect(fail(noFile, 100)).toEqual([]);
    expect(notices).toEqual([]);
    expect(watch().fail(noFile, 25)).toMatchObject([
      { message: expect.stringContaining('The first 25 photos have no file') },
    ]);
  });

  it('are left out if the user accepts pending photos', () => {
    expect(watch({ acceptPending: true }).fail(noFile, 100)).toEqual([]);
    const { outage, fail, notices } = watch({ acceptPending: true });
    outage.succeededEarlier('annotation:a');
    expect([...fail(refused, 100), ...notices]).toEqual([]);
    expect(fail(wrongKey, 25)).toHaveLength(1);
  });
});
