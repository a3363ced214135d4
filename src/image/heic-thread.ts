/** HEIC decoding off the event loop: one file at a time in one thread, which is ended when a caller aborts. */
import { Worker } from 'node:worker_threads';
import PQueue from 'p-queue';
import { defined } from '../core/defined.ts';
import { invalidInput } from '../core/errors.ts';
import type { RawPixels } from './decode-heic.ts';
import type { HeicAnswer, HeicRequest } from './heic-worker.ts';

export type HeicOptions = { readonly maxPixels: number; readonly signal?: AbortSignal };

/** The neighbouring file, as source or as built. */
const WORKER = new URL(import.meta.url.endsWith('.ts') ? './heic-worker.ts' : './heic-worker.js', import.meta.url);

/** WebAssembly memory never shrinks, so the thread of a larger image ends with it. */
const MAX_KEPT_PIXELS = 16_000_000;

const queue = new PQueue({ concurrency: 1 });
let idle: Worker | undefined;

/**
 * Throws `invalid-input` for files that libheif cannot decode or that hold more than `maxPixels` pixels, and the signal's
 * reason when it aborts.
 */
export function decodeHeicInThread(bytes: Uint8Array, { maxPixels, signal }: HeicOptions): Promise<RawPixels> {
  return queue.add(() => decodeNow({ bytes, maxPixels }, signal), defined({ signal }));
}

async function decodeNow(request: HeicRequest, signal: AbortSignal | undefined): Promise<RawPixels> {
  signal?.throwIfAborted();
  const worker = idle ?? new Worker(WORKER);
  idle = undefined;
  worker.ref();
  let reusable = false;
  try {
    const answer = await answerOf(worker, request, signal);
    if (answer.kind === 'invalid') throw invalidInput(answer.message, answer.hint);
    reusable = answer.pixels.width * answer.pixels.height <= MAX_KEPT_PIXELS;
    return answer.pixels;
  } finally {
    worker.unref();
    if (reusable) idle = worker;
    else await worker.terminate();
  }
}

function answerOf(worker: Worker, request: HeicRequest, signal: AbortSignal | undefined): Promise<HeicAnswer> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal!.reason);
    const exited = (code: number): void => reject(new Error(`the HEIC decoder ended with code ${code}`));
    const end = (): void => {
      signal?.removeEventListener('abort', stop);
      worker.off('message', answered).off('error', failed).off('exit', exited);
    };
    const answered = (answer: HeicAnswer): void => {
      end();
      resolve(answer);
    };
    const failed = (error: unknown): void => {
      end();
      reject(error);
    };
    signal?.addEventListener('abort', stop, { once: true });
    worker.on('message', answered).on('error', failed).on('exit', exited);
    // The copy leaves the caller its bytes, which may be a view into a pool.
    worker.postMessage(request);
  });
}
