/** The preparation of one image, for which several callers may wait. It stops when all callers have aborted. */
import { until } from '../../service/first-abort.ts';
import type { PreparedImage } from '../../image/prepared-image.ts';

export type Job = {
  readonly image: Promise<PreparedImage>;
  /** Returns true if all callers have aborted. The image is then never finished. */
  isStopped(): boolean;
  /** Returns the image. Rejects with the signal's reason when the signal aborts. */
  wait(signal: AbortSignal | undefined): Promise<PreparedImage>;
};

export function jobOf(make: (stop: AbortSignal) => Promise<PreparedImage>): Job {
  const stop = new AbortController();
  let [waiting, done] = [0, false];
  const image = make(stop.signal);
  image.then(
    () => (done = true),
    () => (done = true),
  );
  return {
    image,
    isStopped: () => stop.signal.aborted,
    wait: async (signal) => {
      waiting += 1;
      try {
        return await (signal === undefined ? image : until(signal, image));
      } finally {
        waiting -= 1;
        if (waiting === 0 && !done) stop.abort();
      }
    },
  };
}
