/**
 * Splits each batch over worker threads with one core each, which share the weights. The operations of these models are
 * small. For them, several threads of one core are faster than one session on several cores, above all on a busy
 * machine. With the same number of workers, results are equal bit for bit. With another number, they differ by
 * rounding, because sums are split differently.
 */
import { Worker } from 'node:worker_threads';
import { defined } from '../../core/defined.ts';
import { GlobeError, messageOf } from '../../core/errors.ts';
import type { PreparedImage } from '../../image/prepared-image.ts';
import type { HostArray } from '../../tensor/index.ts';
import { pixelReader } from '../image/patches.ts';
import type { Sequence } from '../learning/batch.ts';
import { parameterSpecs } from '../learning/graphs.ts';
import { memoryOf, type TrainerState } from '../learning/trained-weights.ts';
import type { LossRequest, LossResult, LossSequence } from '../learning/trainer.ts';
import {
  copiesOf,
  restoreArrays,
  stateArrays,
  type WeightLayout,
  weightLayout,
  type WeightMemory,
} from '../learning/weight-memory.ts';
import type { SampledSequence, SampleRequest } from '../sampling/requests.ts';
import { breakBarrier, BROKEN_BARRIER, newBarrier } from './barrier.ts';
import type { EngineOptions } from './local-engine.ts';
import type { CallKind, EngineCalls, EngineWorkerSetup, FromEngineWorker, ToEngineWorker } from './messages.ts';
import type { EngineCall, NanoEngine, ScoringEngine } from './nano-engine.ts';
import { shareRequests, shareSequences } from './shares.ts';

export type WorkerEngineOptions = EngineOptions & { readonly workers: number };

/** The worker's file has the extension .ts in the sources and .js in the build. */
const WORKER = new URL(import.meta.url.endsWith('.ts') ? './engine-worker.ts' : './engine-worker.js', import.meta.url);

type Waiting = {
  readonly resolve: (output: EngineCalls[CallKind]['output']) => void;
  readonly reject: (error: unknown) => void;
};

export class WorkerEngine implements NanoEngine {
  readonly #options: WorkerEngineOptions;
  readonly #layout: WeightLayout;
  readonly #memory: WeightMemory;
  readonly #barrier = newBarrier();
  readonly #readPixels: (image: PreparedImage) => Promise<Uint8Array>;
  readonly #workers: readonly Worker[];
  /** For each worker, a promise that resolves when its thread has ended, also if that was before the engine's end. */
  readonly #exits: Promise<unknown>[] = [];
  readonly #waiting = new Map<number, Waiting>();
  /** Promises of the calls in progress. */
  readonly #calls = new Set<Promise<unknown>>();
  #ids = 0;
  #frozen = 0;
  #step = 0;
  /** Number of changes of the weights so far. */
  #version = 0;
  /** The error of a thread that ended on its own. After it, every call fails. */
  #failure: unknown;
  #disposed = false;

  constructor(options: WorkerEngineOptions) {
    const { config, tokenizer, parameters, workers, optimizer = {}, trainable, maxBatchTokens, slots } = options;
    this.#options = options;
    const specs = parameterSpecs(config);
    this.#layout = weightLayout(specs, trainable);
    this.#memory = memoryOf(this.#layout, { specs, parameters, workers });
    this.#readPixels = pixelReader(config);
    const setup = {
      config,
      tokenizer: tokenizer.json,
      memory: this.#memory,
      barrier: this.#barrier,
      workers,
      trained: this.#layout.trained.map(({ name }) => name),
      optimizer,
      ...defined({ maxBatchTokens, slots }),
    };
    this.#workers = Array.from({ length: workers }, (_, worker) => this.#start({ ...setup, worker }));
  }

  async sample(requests: readonly SampleRequest[], { signal }: EngineCall = {}): Promise<SampledSequence[][]> {
    signal?.throwIfAborted();
    const sent = await this.#withPixels(requests);
    const version = this.#version;
    const shares = shareRequests(sent, this.#workers.length);
    const inputs = shares.map((share) =>
      share.length === 0 ? undefined : { requests: share.map(({ part }) => part), version },
    );
    const parts = await this.#onAll('sample', inputs, signal);
    const results: SampledSequence[][] = requests.map(() => []);
    for (const [i, share] of shares.entries()) {
      for (const [j, { request }] of share.entries()) results[request]!.push(...parts[i]![j]!);
    }
    return results;
  }

  async forwardBackward(data: readonly LossSequence[], { signal, ...request }: LossRequest): Promise<LossResult> {
    const { parts, collect } = await this.#shares(data);
    const inputs = parts.map((part) => (part.length === 0 ? undefined : { data: part, request }));
    const results = await this.#onAll('forwardBackward', inputs, signal);
    return {
      loss: results.reduce((sum, result) => sum + (result?.loss ?? 0), 0),
      logprobs: collect(results.map((result) => result?.logprobs ?? [])),
    };
  }

  computeLogprobs(data: readonly Sequence[], call?: EngineCall): Promise<number[][]> {
    return this.#logprobs(data, call);
  }

  async optimStep({ learningRate }: { readonly learningRate: number }): Promise<{ readonly gradientNorm: number }> {
    const input = { learningRate, step: this.#step + 1 };
    this.#step += 1;
    this.#version += 1;
    const inputs = this.#workers.map(() => input);
    // After an error, some workers may have updated their weights and others not, so the engine cannot be used any
    // more.
    const results = await this.#onAll('optimStep', inputs).catch((error: unknown) => {
      this.#fail(error);
      throw error;
    });
    return results[0]!;
  }

  async parameters(): Promise<Record<string, HostArray>> {
    await this.#settled();
    return copiesOf(this.#layout.slots, this.#memory.parameters);
  }

  async state(): Promise<TrainerState> {
    await this.#settled();
    return { step: this.#step, arrays: stateArrays(this.#layout, this.#memory) };
  }

  async restore({ step, arrays }: TrainerState): Promise<void> {
    await this.#settled();
    restoreArrays(this.#layout, this.#memory, arrays);
    this.#step = step;
    this.#version += 1;
  }

  frozen(parameters: Readonly<Record<string, HostArray>>): ScoringEngine {
    const frozen = this.#frozen++;
    const specs = parameterSpecs(this.#options.config);
    const memory = memoryOf(
      weightLayout(specs, () => false),
      { specs, parameters },
    );
    const opened = this.#onAll(
      'freeze',
      this.#workers.map(() => ({ frozen, memory })),
    );
    // Prevents an unhandled rejection. The first use of the frozen model reports the error.
    opened.catch(() => undefined);
    return {
      computeLogprobs: async (data, call) => {
        await opened;
        return this.#logprobs(data, call, frozen);
      },
      [Symbol.asyncDispose]: async () => {
        if (!this.#disposed)
          await this.#onAll(
            'thaw',
            this.#workers.map(() => ({ frozen })),
          );
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    const ended = this.#workers.map(async (worker, i) => {
      // A thread that waits at the barrier for one that has ended reads no messages.
      if (this.#failure === undefined) post(worker, { kind: 'end' });
      else await worker.terminate();
      await this.#exits[i];
    });
    await Promise.all(ended);
  }

  #start(setup: EngineWorkerSetup): Worker {
    const worker = new Worker(WORKER, { workerData: setup });
    this.#exits.push(new Promise((resolve) => worker.once('exit', resolve)));
    worker.on('message', (message: FromEngineWorker) => this.#settle(message));
    worker.on('error', (error) => this.#fail(error));
    worker.on('exit', (code) => {
      if (!this.#disposed)
        this.#fail(new GlobeError({ code: 'internal', message: `A thread of the model ended (code ${code}).` }));
    });
    return worker;
  }

  async #logprobs(data: readonly Sequence[], { signal }: EngineCall = {}, frozen?: number): Promise<number[][]> {
    const { parts, collect } = await this.#shares(data);
    const inputs = parts.map((part) => (part.length === 0 ? undefined : { data: part, ...defined({ frozen }) }));
    const results = await this.#onAll('logprobs', inputs, signal);
    return collect(results.map((result) => result ?? []));
  }

  /**
   * Splits sequences into one share per worker. Also returns a function that merges the workers' result lists into the
   * order of the sequences.
   */
  async #shares<S extends Sequence>(data: readonly S[]) {
    const sent = await this.#withPixels(data);
    const shares = shareSequences(sent, this.#options.config, this.#workers.length);
    return {
      parts: shares.map((share) => share.map((i) => sent[i]!)),
      collect: (lists: readonly (readonly (readonly number[])[])[]): number[][] => {
        const all: number[][] = data.map(() => []);
        for (const [worker, share] of shares.entries()) {
          for (const [j, i] of share.entries()) all[i] = [...lists[worker]![j]!];
        }
        return all;
      },
    };
  }

  /**
   * Replaces the bytes of the images by their scaled pixels, in memory that the threads share. Equal images become one
   * object, so that a message contains each image only once.
   */
  async #withPixels<T extends { readonly image?: PreparedImage }>(items: readonly T[]): Promise<T[]> {
    const images = new Map(items.flatMap(({ image }) => (image === undefined ? [] : [[image.sha256, image] as const])));
    const pixels = new Map(
      await Promise.all(
        [...images].map(async ([sha256, image]): Promise<[string, PreparedImage]> => [
          sha256,
          { ...image, bytes: await this.#readPixels(image) },
        ]),
      ),
    );
    return items.map((item) => (item.image === undefined ? item : { ...item, image: pixels.get(item.image.sha256)! }));
  }

  /**
   * Sends each worker its input; workers whose input is undefined get none. Waits for all results, then throws the
   * first error if there is one.
   */
  async #onAll<Kind extends CallKind>(
    kind: Kind,
    inputs: readonly (EngineCalls[Kind]['input'] | undefined)[],
    signal?: AbortSignal,
  ): Promise<(EngineCalls[Kind]['output'] | undefined)[]> {
    signal?.throwIfAborted();
    const call = Promise.allSettled(
      inputs.map(async (input, i) =>
        input === undefined ? undefined : this.#ask(this.#workers[i]!, kind, input, signal),
      ),
    );
    this.#calls.add(call);
    const results = await call;
    this.#calls.delete(call);
    const errors = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
    // Prefers the error of the thread that failed. The other threads only report a broken barrier.
    if (errors.length > 0) throw errors.find((error) => messageOf(error) !== BROKEN_BARRIER) ?? errors[0];
    return results.map((result) => (result.status === 'fulfilled' ? result.value : undefined));
  }

  async #ask<Kind extends CallKind>(
    worker: Worker,
    kind: Kind,
    input: EngineCalls[Kind]['input'],
    signal: AbortSignal | undefined,
  ): Promise<EngineCalls[Kind]['output']> {
    if (this.#failure !== undefined) throw this.#failure;
    const id = this.#ids++;
    const abort = (): void => post(worker, { kind: 'abort', id });
    signal?.addEventListener('abort', abort, { once: true });
    const answer = new Promise<EngineCalls[CallKind]['output']>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject: (error) => reject(signal?.aborted === true ? signal.reason : error) });
    });
    post(worker, { kind, id, input } as ToEngineWorker);
    try {
      return await answer;
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  #settle(message: FromEngineWorker): void {
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.kind === 'done') waiting?.resolve(message.output);
    else waiting?.reject(new GlobeError(message));
  }

  #fail(error: unknown): void {
    this.#failure ??= error;
    breakBarrier(this.#barrier);
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }

  async #settled(): Promise<void> {
    await Promise.allSettled(this.#calls);
    if (this.#failure !== undefined) throw this.#failure;
  }
}

const post = (worker: Worker, message: ToEngineWorker): void => worker.postMessage(message);
