/**
 * Limits the number of pixels that are decoded at the same time, because a decoder may hold the whole image in memory.
 */
export type PixelBudget = {
  /** Waits in a queue until `pixels` are free. Returns a function that releases them. Rejects if the signal aborts. */
  take(pixels: number, signal?: AbortSignal): Promise<() => void>;
};

type Waiting = { readonly pixels: number; readonly start: () => void };

/** Creates a budget of `total` pixels. An image with more pixels waits until no other image is being decoded. */
export function pixelBudget(total: number): PixelBudget {
  let free = total;
  const queue: Waiting[] = [];
  const next = (): void => {
    while (queue.length > 0 && queue[0]!.pixels <= free) queue.shift()!.start();
  };
  return {
    take: (requested, signal) =>
      new Promise((resolve, reject) => {
        const pixels = Math.min(requested, total);
        if (signal?.aborted === true) return reject(signal.reason);
        const stop = (): void => {
          queue.splice(queue.indexOf(waiting), 1);
          reject(signal!.reason);
          next();
        };
        const waiting: Waiting = {
          pixels,
          start: () => {
            signal?.removeEventListener('abort', stop);
            free -= pixels;
            let taken = true;
            resolve(() => {
              if (taken) free += pixels;
              taken = false;
              next();
            });
          },
        };
        signal?.addEventListener('abort', stop, { once: true });
        queue.push(waiting);
        next();
      }),
  };
}
