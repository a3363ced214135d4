/** A point at which worker threads wait for each other, in shared memory. */
import { GlobeError } from '../../core/errors.ts';

/** Cells of the shared memory: threads that wait, how often all have met, and whether a thread has failed. */
const ARRIVED = 0;
const MEETINGS = 1;
const BROKEN = 2;
const CELLS = 3;

/** Message of the error in a thread that waited for a thread that failed. */
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
  // The new number also releases a thread that is just about to wait.
  Atomics.add(barrier, MEETINGS, 1);
  Atomics.notify(barrier, MEETINGS);
}
