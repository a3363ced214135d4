/**
 * A worker thread of WorkerEngine. It handles calls one by one, with a sampler and a trainer that use one core and read
 * the shared weights.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { defined } from '../../core/defined.ts';
import { GlobeError, messageOf } from '../../core/errors.ts';
import { cutPatches, type PatchReader } from '../image/patches.ts';
import { parameterSpecs } from '../learning/graphs.ts';
import { NanoTrainer, type TrainerOptions } from '../learning/trainer.ts';
import { viewsOf, weightLayout, type WeightMemory } from '../learning/weight-memory.ts';
import { NanoSampler } from '../sampling/sampler.ts';
import { openTokenizer } from '../tokenizer/tokenizer.ts';
import { breakBarrier, waitAtBarrier } from './barrier.ts';
import type { CallMessage, EngineCalls, EngineWorkerSetup, FromEngineWorker, ToEngineWorker } from './messages.ts';

const setup = workerData as EngineWorkerSetup;
const { config, memory, barrier, worker, workers, optimizer } = setup;
const tokenizer = openTokenizer(setup.tokenizer);
const trained = new Set(setup.trained);
// WorkerEngine sends images as scaled pixels, so `bytes` are pixels instead of an image file.
const readPatches: PatchReader = ({ bytes }) => Promise.resolve(cutPatches(bytes, config));
const waitForAll = (): void => waitAtBarrier(barrier, workers);

const newTrainer = (
  shared: { memory: WeightMemory; worker: number },
  trainable: (name: string) => boolean,
): NanoTrainer =>
  new NanoTrainer({
    config,
    optimizer,
    trainable,
    threads: 1,
    readPatches,
    shared: { ...shared, waitForAll },
    ...defined({ maxBatchTokens: setup.maxBatchTokens }),
  } satisfies TrainerOptions);

const trainer = newTrainer({ memory, worker }, (name) => trained.has(name));
const frozenTrainers = new Map<number, NanoTrainer>();
const running = new Map<number, AbortController>();
let sampler: { readonly version: number; readonly sampler: NanoSampler } | undefined;
let last: Promise<void> = Promise.resolve();

const answer = (message: FromEngineWorker): void => parentPort!.postMessage(message);

parentPort!.on('message', (message: ToEngineWorker) => {
  if (message.kind === 'abort') running.get(message.id)?.abort();
  else if (message.kind === 'end') last = last.then(end);
  else {
    // A call is registered when its message arrives. An abort can then reach the call even while it waits for earlier
    // calls.
    running.set(message.id, new AbortController());
    last = last.then(() => handle(message));
  }
});

async function handle(message: CallMessage): Promise<void> {
  const { id } = message;
  try {
    answer({ kind: 'done', id, output: await outputOf(message, running.get(id)!.signal) });
  } catch (error) {
    // During an optimizer step, the other threads wait for this thread at the barrier, so the barrier is broken to
    // release them.
    if (message.kind === 'optimStep') breakBarrier(barrier);
    const { code, hint } = error instanceof GlobeError ? error : { code: 'internal' as const, hint: undefined };
    answer({ kind: 'failed', id, code, message: messageOf(error), ...defined({ hint }) });
  } finally {
    running.delete(id);
  }
}

async function outputOf(
  message: CallMessage,
  signal: AbortSignal,
): Promise<EngineCalls[CallMessage['kind']]['output']> {
  switch (message.kind) {
    case 'sample': {
      const { requests, version } = message.input;
      return (await samplerOf(version)).sample(requests, { signal });
    }
    case 'forwardBackward': {
      const { data, request } = message.input;
      return trainer.forwardBackward(data, { ...request, signal });
    }
    case 'logprobs': {
      const { data, frozen } = message.input;
      return (frozen === undefined ? trainer : frozenTrainers.get(frozen)!).computeLogprobs(data, { signal });
    }
    case 'optimStep':
      return trainer.optimStep(message.input);
    case 'freeze': {
      const { frozen, memory: frozenMemory } = message.input;
      frozenTrainers.set(
        frozen,
        newTrainer({ memory: frozenMemory, worker: 0 }, () => false),
      );
      return null;
    }
    case 'thaw': {
      const { frozen } = message.input;
      await frozenTrainers.get(frozen)?.dispose();
      frozenTrainers.delete(frozen);
      return null;
    }
  }
}

/**
 * Returns a sampler with the current weights. Compiled sampling programs contain the weights, so they are renewed when
 * the weights change.
 */
async function samplerOf(version: number): Promise<NanoSampler> {
  if (sampler?.version === version) return sampler.sampler;
  const parameters = viewsOf(
    weightLayout(parameterSpecs(config), (name) => trained.has(name)).slots,
    memory.parameters,
  );
  const current =
    sampler?.sampler ??
    new NanoSampler({ config, tokenizer, readPatches, parameters, threads: 1, ...defined({ slots: setup.slots }) });
  await current.load(parameters);
  sampler = { version, sampler: current };
  return current;
}

async function end(): Promise<void> {
  await sampler?.sampler.dispose();
  await trainer.dispose();
  for (const frozen of frozenTrainers.values()) await frozen.dispose();
  parentPort!.close();
}
