import { getEventListeners } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { deadlineAfter, firstAbort } from './first-abort.ts';

describe('firstAbort', () => {
  it('aborts with the first reason, even of a signal that aborted earlier', () => {
    const [a, b] = [new AbortController(), new AbortController()];
    using first = firstAbort([a.signal, b.signal]);
    expect(first.signal.aborted).toBe(false);
    b.abort('b');
    a.abort('a');
    expect(first.signal.reason).toBe('b');
    using late = firstAbort([a.signal]);
    expect(late.signal.reason).toBe('a');
  });

  it('removes its listeners at the end of its block', () => {
    const { signal } = new AbortController();
    {
      using _ = firstAbort([signal]);
      expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    }
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });
});

describe('deadlineAfter', () => {
  it('aborts when the time is over, and leaves no timer behind', () => {
    vi.useFakeTimers();
    try {
      using deadline = deadlineAfter(50);
      {
        using _ = deadlineAfter(50);
        expect(vi.getTimerCount()).toBe(2);
      }
      expect(vi.getTimerCount()).toBe(1);
      vi.advanceTimersByTime(49);
      expect(deadline.signal.aborted).toBe(false);
      vi.advanceTimersByTime(1);
      expect(deadline.signal.reason).toMatchObject({ name: 'TimeoutError' });
    } finally {
      vi.useRealTimers();
    }
  });
});
