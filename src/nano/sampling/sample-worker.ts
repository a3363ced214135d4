/** A worker of ParallelSampler. It runs a NanoSampler on one thread and handles messages one by one. */
import { parentPort, workerData } from 'node:worker_threads';
import { defined } from '../../core/defined.ts';
import { GlobeError, messageOf } from '../../core/errors.ts';
import { patchReader } from '../image/patches.ts';
import { openTokenizer } from '../tokenizer/tokenizer.ts';
import type { FromWorker, ToWorker, WorkerSetup } from './parallel-sampler.ts';
import { NanoSampler } from './sampler.ts';

const { config, tokenizer: document, slots } = workerData as WorkerSetup;
const tokenizer = openTokenizer(document);
const readPatches = patchReader(config);
const running = new Map<number, AbortController>();
let sampler: NanoSampler | undefined;
let last: Promise<void> = Promise.resolve();

const answer = (message: FromWorker): void => parentPort!.postMessage(message);

parentPort!.on('message', (message: ToWorker) => {
  if (message.kind === 'abort') running.get(message.id)?.abort();
  // A request is registered on arrival, because an abort can arrive while the request waits.
  if (message.kind === 'sample') running.set(message.id, new AbortController());
  if (message.kind !== 'abort') last = last.then(() => handle(message));
});

async function handle(message: Exclude<ToWorker, { kind: 'abort' }>): Promise<void> {
  switch (message.kind) {
    case 'weights': {
      const { parameters } = message;
      if (sampler !== undefined) await sampler.load(parameters);
      else {
        const options = { config, tokenizer, readPatches, parameters, threads: 1 };
        sampler = new NanoSampler({ ...options, ...defined({ slots }) });
      }
      return;
    }
    case 'sample': {
      try {
        const { signal } = running.get(message.id)!;
        const sequences = await sampler!.sample(message.requests, { signal });
        answer({ kind: 'sampled', id: message.id, sequences });
      } catch (error) {
        const { code, hint } = error instanceof GlobeError ? error : { code: 'internal' as const, hint: undefined };
        answer({
          kind: 'failed',
          id: message.id,
          code,
          message: messageOf(error),
          ...defined({ hint }),
        });
      } finally {
        running.delete(message.id);
      }
      return;
    }
    case 'end': {
      await sampler?.dispose();
      parentPort!.close();
    }
  }
}
