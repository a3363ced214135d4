/** Decodes HEIC files one at a time in a worker thread. If the caller aborts, the thread is terminated. */
import { Worker } from 'node:worker_threads';
import PQueue from 'p-queue';
import { defined } from '../core/defined.ts';
import { invalidInput } from '../core/errors.ts';
import type { RawPixels } from './decode-heic.ts';
import type { HeicAnswer, HeicRequest } from './heic-worker.ts';

export type HeicOptions = { readonly maxPixels: number; readonly signal?: AbortSignal };

/** The file heic-worker in this folder: TypeScript in the sources, JavaScript in the build. */
const WORKER = new URL(import.meta.url.endsWith('.ts') ? './heic-worker.ts' : './heic-worker.js', import.meta.url);

/** A thread that decoded more pixels than this is terminated, because WebAssembly memory never shrinks. */
const MAX_KEPT_PIXELS = 16_000_000;

const queue = new PQueue({ concurrency: 1 });
let idle: Worker | undefined;

/**
 * Decodes a HEIC file. Throws `invalid-input` if libheif cannot decode it or if it has more than `maxPixels` pixels.
 * Throws the signal's reason if the signal aborts.
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
    const exited = (code: number): void => reject(new Error(`The HEIC decoder exited with code ${code}.`));
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
    // The bytes are copied, not transferred, because they may be a view into a buffer that the caller still uses.
    worker.postMessage(request);
  });
}
