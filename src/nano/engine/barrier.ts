/** A barrier in shared memory, at which worker threads wait for each other. */
import { GlobeError } from '../../core/errors.ts';

/**
 * Indices into the shared memory. ARRIVED: number of threads that wait. MEETINGS: number of times that all threads have
 * met. BROKEN: 1 if a thread has failed.
 */
const ARRIVED = 0;
const MEETINGS = 1;
const BROKEN = 2;
const CELLS = 3;

/** Error message in the threads that waited for the failed thread. */
export const BROKEN_BARRIER = 'Another thread of the model has failed.';

export const newBarrier = (): Int32Array => new Int32Array(new SharedArrayBuffer(CELLS * Int32Array.BYTES_PER_ELEMENT));

/** Blocks the thread until `threads` threads have called this function. Throws if the barrier is broken. */
export function waitAtBarrier(barrier: Int32Array, threads: number): void {
  const meetings = Atomics.load(barrier, MEETINGS);
  if (Atomics.add(barrier, ARRIVED, 1) + 1 === threads) {
    Atomics.store(barrier, ARRIVED, 0);
    Atomics.add(barrier, MEETINGS, 1);
    Atomics.notify(barrier, MEETINGS);
  }
  while (Atomics.load(barrier, MEETINGS) === meetings) Atomics.wait(barrier, MEETINGS, meetings);
  if (Atomics.load(barrier, BROKEN) === 1) {
    throw new GlobeError({ code: 'internal', message: BROKEN_BARRIER });
  }
}

/** Releases all waiting threads with an error, because one of them will never arrive. */
export function breakBarrier(barrier: Int32Array): void {
  Atomics.store(barrier, BROKEN, 1);
  // Changing MEETINGS also releases a thread that is just about to wait.
  Atomics.add(barrier, MEETINGS, 1);
  Atomics.notify(barrier, MEETINGS);
}
