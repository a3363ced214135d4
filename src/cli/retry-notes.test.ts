import { expect, it } from 'vitest';
import { GlobeError } from '../core/errors.ts';
import { retryNotes } from './retry-notes.ts';

it('writes one line for one outage, whatever the number of requests and attempts', () => {
  const lines: string[] = [];
  let nowMs = 0;
  const onRetry = retryNotes(
    (text) => lines.push(text),
    () => nowMs,
  );
  const fail = (delayMs: number, message = 'connect ECONNREFUSED.') =>
    onRetry({ attempt: 1, delayMs, error: new GlobeError({ code: 'service', message, retryable: true }) });
  for (let i = 0; i < 130; i++) {
    nowMs += 270;
    fail(500, i % 2 === 0 ? 'answered 503.' : 'connect ECONNREFUSED.');
  }
  expect(lines).toEqual(['A request failed: answered 503. Such requests are retried, first in 0.5 s.']);
  // The service asks for five minutes; the next failure still belongs to the outage.
  fail(300_000);
  nowMs += 330_000;
  fail(500);
  expect(lines).toHaveLength(1);
  nowMs += 61_000;
  fail(1000, 'answered 502.');
  expect(lines[1]).toContain('answered 502');
  expect(lines).toHaveLength(2);
});
