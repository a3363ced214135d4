/**
 * A signal that aborts as soon as one of several signals aborts. Disposal (the end of a `using` block) removes its
 * listeners. `AbortSignal.any` and `AbortSignal.timeout` are not used, because their signals stay in memory until they
 * expire. At hundreds of calls per second, that takes too much memory.
 */
export type LinkedSignal = Disposable & { readonly signal: AbortSignal };

export function firstAbort(signals: readonly AbortSignal[]): LinkedSignal {
  const controller = new AbortController();
  const follow = (event: Event): void => controller.abort((event.target as AbortSignal).reason);
  for (const signal of signals) {
    if (signal.aborted) controller.abort(signal.reason);
    else signal.addEventListener('abort', follow);
  }
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => {
      for (const signal of signals) signal.removeEventListener('abort', follow);
    },
  };
}

/**
 * Returns a signal that aborts after `ms` milliseconds unless it is disposed of. Its timer does not keep the process
 * alive.
 */
export function deadlineAfter(ms: number): LinkedSignal {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new DOMException('The deadline has passed.', 'TimeoutError')), ms);
  timer.unref();
  return { signal: controller.signal, [Symbol.dispose]: () => clearTimeout(timer) };
}

/** Waits for `work`, but rejects with `reason()` as soon as the signal aborts. The work itself is not cancelled. */
export function until<T>(signal: AbortSignal, work: Promise<T>, reason = (): unknown => signal.reason): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(reason());
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
