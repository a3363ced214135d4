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
  const fail = (delayMs: number, message: string) =>
    onRetry({ attempt: 1, delayMs, error: new GlobeError({ code: 'service', message, retryable: true }) });
  for (let i = 0; i < 130; i++) {
    nowMs += 270;
    fail(500, `connect ECONNREFUSED (request req-${1000 + i}).`);
  }
  expect(lines).toEqual(['Attempt 1 failed: connect ECONNREFUSED (request req-1000). Retrying in 0.5 s.']);
  // The service requests a wait of five minutes. A failure right after this wait belongs to the same outage.
  fail(300_000, 'connect ECONNREFUSED (request req-2000).');
  nowMs += 330_000;
  fail(500, 'connect ECONNREFUSED (request req-2001).');
  expect(lines).toHaveLength(1);
  // A failure with another reason is reported. So is the same reason in a later outage.
  fail(1000, 'answered 502.');
  expect(lines[1]).toContain('answered 502');
  nowMs += 62_000;
  fail(500, 'answered 502.');
  expect(lines).toHaveLength(3);
});
