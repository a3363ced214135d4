/**
 * Samples on several cores. The sequences are split over worker threads, each with a NanoSampler on one core. A step of
 * a small model consists of many small operations, so one sampler per core is faster than splitting each operation over
 * the cores. The results equal those of a single NanoSampler. Starting workers takes a few tenths of a second, so
 * `load` new weights into a sampler instead of creating another one.
 */
import { Worker } from 'node:worker_threads';
import { defined } from '../../core/defined.ts';
import { type ErrorCode, GlobeError } from '../../core/errors.ts';
import type { HostArray } from '../../tensor/index.ts';
import type { NanoConfig } from '../config.ts';
import type { Tokenizer, TokenizerJson } from '../tokenizer/tokenizer.ts';
import type { SampledSequence, SampleRequest } from './requests.ts';

export type WorkerSetup = { readonly config: NanoConfig; readonly tokenizer: TokenizerJson; readonly slots?: number };

export type ToWorker =
  | { readonly kind: 'weights'; readonly parameters: Readonly<Record<string, HostArray>> }
  | { readonly kind: 'sample'; readonly id: number; readonly requests: readonly SampleRequest[] }
  | { readonly kind: 'abort'; readonly id: number }
  | { readonly kind: 'end' };

export type FromWorker =
  | { readonly kind: 'sampled'; readonly id: number; readonly sequences: readonly (readonly SampledSequence[])[] }
  | {
      readonly kind: 'failed';
      readonly id: number;
      readonly code: ErrorCode;
      readonly message: string;
      readonly hint?: string;
    };

export type ParallelSamplerOptions = {
  readonly config: NanoConfig;
  readonly parameters: Readonly<Record<string, HostArray>>;
  readonly tokenizer: Tokenizer;
  readonly workers: number;
  /** Maximum number of concurrent sequences per worker. */
  readonly slots?: number;
};

type Waiting = {
  readonly resolve: (sequences: readonly (readonly SampledSequence[])[]) => void;
  readonly reject: (error: unknown) => void;
};

/** The worker's file has the extension .ts in the sources and .js in the build. */
const WORKER = new URL(import.meta.url.endsWith('.ts') ? './sample-worker.ts' : './sample-worker.js', import.meta.url);

export class ParallelSampler {
  readonly #workers: readonly Worker[];
  readonly #waiting = new Map<number, Waiting>();
  #calls = 0;

  constructor({ config, parameters, tokenizer, workers, slots }: ParallelSamplerOptions) {
    const workerData: WorkerSetup = { config, tokenizer: tokenizer.json, ...defined({ slots }) };
    this.#workers = Array.from({ length: workers }, () => {
      const worker = new Worker(WORKER, { workerData });
      worker.on('message', (message: FromWorker) => this.#settle(message));
      worker.on('error', (error) => this.#failAll(error));
      return worker;
    });
    this.#post(parameters);
  }

  /** Replaces the weights for later calls. */
  load(parameters: Readonly<Record<string, HostArray>>): Promise<void> {
    this.#post(parameters);
    return Promise.resolve();
  }

  #post(parameters: Readonly<Record<string, HostArray>>): void {
    for (const worker of this.#workers) post(worker, { kind: 'weights', parameters });
  }

  /** Behaves like `sample` of NanoSampler. */
  async sample(
    requests: readonly SampleRequest[],
    { signal }: { readonly signal?: AbortSignal } = {},
  ): Promise<SampledSequence[][]> {
    signal?.throwIfAborted();
    const shares = sharesOf(requests, this.#workers.length);
    const parts = await Promise.all(shares.map(async (share, i) => this.#ask(this.#workers[i]!, share, signal)));
    const results: SampledSequence[][] = requests.map(() => []);
    for (const [i, share] of shares.entries()) {
      for (const [j, { request }] of share.entries()) results[request]!.push(...parts[i]![j]!);
    }
    return results;
  }

  async dispose(): Promise<void> {
    const ended = this.#workers.map((worker) => new Promise((resolve) => worker.once('exit', resolve)));
    for (const worker of this.#workers) post(worker, { kind: 'end' });
    await Promise.all(ended);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }

  #ask(
    worker: Worker,
    share: readonly Share[],
    signal: AbortSignal | undefined,
  ): Promise<readonly (readonly SampledSequence[])[]> {
    if (share.length === 0) return Promise.resolve([]);
    const id = this.#calls++;
    const abort = (): void => post(worker, { kind: 'abort', id });
    signal?.addEventListener('abort', abort, { once: true });
    const answer = new Promise<readonly (readonly SampledSequence[])[]>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject: (error) => reject(signal?.aborted === true ? signal.reason : error) });
    });
    post(worker, { kind: 'sample', id, requests: share.map(({ part }) => part) });
    return answer.finally(() => signal?.removeEventListener('abort', abort));
  }

  #settle(message: FromWorker): void {
    const waiting = this.#waiting.get(message.id)!;
    this.#waiting.delete(message.id);
    if (message.kind === 'sampled') waiting.resolve(message.sequences);
    else waiting.reject(new GlobeError(message));
  }

  #failAll(error: unknown): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

const post = (worker: Worker, message: ToWorker): void => worker.postMessage(message);

type Share = {
  /** Index of the request of which `part` is a part. */
  readonly request: number;
  readonly part: SampleRequest;
};

/** Splits the sequences of all requests, in order, into `count` shares of similar size. */
export function sharesOf(requests: readonly SampleRequest[], count: number): Share[][] {
  const total = requests.reduce((sum, { samples }) => sum + samples, 0);
  const size = Math.max(1, Math.ceil(total / count));
  const shares: Share[][] = Array.from({ length: count }, () => []);
  let at = 0;
  for (const [request, whole] of requests.entries()) {
    // A request for 0 samples is also passed on, so that the sampler reports it as invalid.
    for (let done = 0; done < whole.samples || done === 0;) {
      const share = Math.min(Math.floor(at / size), count - 1);
      const samples = Math.min(whole.samples - done, (share + 1) * size - at);
      shares[share]!.push({ request, part: { ...whole, samples, firstSample: (whole.firstSample ?? 0) + done } });
      if (samples <= 0) break;
      done += samples;
      at += samples;
    }
  }
  return shares;
}
