/**
 * Reads requests. Small requests are read in the main thread. Large requests are read one at a time in a worker thread,
 * so that the service keeps answering other requests.
 */
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import PQueue from 'p-queue';
import { pauses } from '../../service/pauses.ts';
import { readRequest, type RequestBody, type RequestFormat, type RewardRow, type SentImage } from './read-request.ts';
import type { RowReading } from './request-schema.ts';
import type { RequestAnswer, RequestMessage } from './request-worker.ts';

/** The worker's file has the extension .ts in the sources and .js in the build. */
const WORKER = new URL(
  import.meta.url.endsWith('.ts') ? './request-worker.ts' : './request-worker.js',
  import.meta.url,
);

/** Maximum size of a body that is read in the main thread. Reading it takes a few milliseconds. */
const MAX_BYTES_AT_ONCE = 256 * 1024;

/** After a larger body, the thread ends. Otherwise, its memory would shrink only late. */
const MAX_KEPT_BYTES = 8 * 1024 * 1024;

type Body = Pick<Request, 'arrayBuffer' | 'body' | 'headers'>;

export type ReadOptions = {
  readonly format: RequestFormat;
  /** Called when the whole body has arrived. A large body may then have to wait for the thread. */
  readonly onBody?: () => void;
};

export type RequestReader = {
  /**
   * Reads a request. Rejects if the client closes the connection before the body is complete, or if the thread fails.
   */
  read(request: Body, options: ReadOptions): Promise<RequestBody>;
};

/** Creates a reader. Its thread starts with the first large request. */
export function requestReader(): RequestReader {
  const queue = new PQueue({ concurrency: 1 });
  let idle: Worker | undefined;

  const readInThread = async (chunks: Uint8Array[], format: RequestFormat): Promise<RequestBody> => {
    const worker = idle ?? new Worker(WORKER);
    idle = undefined;
    worker.ref();
    let reusable = false;
    try {
      const size = chunks.reduce((sum, { length }) => sum + length, 0);
      const pause = pauses();
      send(worker, { kind: 'start', size });
      for (const bytes of chunks) {
        send(worker, { kind: 'chunk', bytes });
        await pause();
      }
      chunks.length = 0; // Drops the body here, because the thread now has a copy.
      const request = await allParts(worker, format);
      reusable = size <= MAX_KEPT_BYTES;
      return request;
    } finally {
      worker.unref();
      if (reusable) idle = worker;
      else await worker.terminate();
    }
  };

  return {
    read: async (request, { format, onBody }) => {
      const declared = request.headers.get('content-length');
      if (declared !== null && Number(declared) <= MAX_BYTES_AT_ONCE) {
        const body = await request.arrayBuffer();
        onBody?.();
        return readRequest(new Uint8Array(body), format);
      }
      // The body is received in pieces, because allocating and filling one buffer of 64 MiB would take a tenth of a
      // second.
      const chunks: Uint8Array[] = [];
      let bytes = 0;
      for await (const chunk of request.body ?? []) {
        chunks.push(chunk);
        bytes += chunk.length;
      }
      onBody?.();
      if (bytes <= MAX_BYTES_AT_ONCE) return readRequest(Buffer.concat(chunks), format);
      return queue.add(() => readInThread(chunks, format));
    },
  };
}

async function allParts(worker: Worker, format: RequestFormat): Promise<RequestBody> {
  const rows: RowReading<RewardRow>[] = [];
  let [images, detail]: [readonly SentImage[], boolean] = [[], false];
  let part = await answerTo(worker, { kind: 'read', format });
  for (;;) {
    if (part.kind === 'invalid') return part;
    if (part.kind === 'images') ({ images, detail } = part);
    else {
      for (const reading of part.rows) {
        if (reading.kind === 'invalid') rows.push(reading);
        else {
          const { image, ...row } = reading.row;
          const found = typeof image === 'number' ? images[image] : image;
          rows.push({ kind: 'valid', row: { ...row, ...(found && { image: found }) } });
        }
      }
      if (part.isLast) return { kind: 'rows', rows, detail };
    }
    await setImmediate();
    part = await answerTo(worker, { kind: 'next' });
  }
}

function send(worker: Worker, message: RequestMessage): void {
  worker.postMessage(message);
}

function answerTo(worker: Worker, message: RequestMessage): Promise<RequestAnswer> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      worker.off('message', answered).off('error', failed).off('exit', exited);
    };
    const answered = (answer: RequestAnswer): void => {
      end();
      resolve(answer);
    };
    const failed = (error: unknown): void => {
      end();
      reject(error);
    };
    const exited = (code: number): void => failed(new Error(`The thread that reads requests ended with code ${code}.`));
    worker.on('message', answered).on('error', failed).on('exit', exited);
    send(worker, message);
  });
}
