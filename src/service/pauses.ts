/**
 * Pauses a long computation regularly, so that other work of the process can run, such as the health check of a
 * service.
 */
import { setImmediate } from 'node:timers/promises';

/** Maximum time between two pauses. */
const MAX_MS_WITHOUT_PAUSE = 20;

/**
 * Creates a function that pauses if the last pause was more than 20 ms ago. Call and await it between small pieces of
 * work.
 */
export function pauses(): () => Promise<void> {
  let paused = performance.now();
  return async () => {
    if (performance.now() - paused < MAX_MS_WITHOUT_PAUSE) return;
    await setImmediate();
    paused = performance.now();
  };
}
