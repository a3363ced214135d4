/**
 * Compares sampling from the embedded model's decoder with transformers' `generate` on a Llama of the same sizes, with
 * batch 64 and temperature 1. The two sides alternate. All prompts differ, so that sequences cannot share work. The
 * gain from sharing a prompt is reported separately.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { initialParameters } from '../src/nano/model/parameters.ts';
import { type NanoConfig, nanoConfig, type NanoSize } from '../src/nano/config.ts';
import { openTokenizer, tokenizerDocument } from '../src/nano/tokenizer/tokenizer.ts';
import { WorkerEngine } from '../src/nano/engine/worker-engine.ts';
import { parameterSpecs } from '../src/nano/learning/graphs.ts';
import { trainBpe } from '../src/nano/tokenizer/train-bpe.ts';
import { type Bench, type BenchOptions, interleaved, type Measured, medianOf, rounded } from './bench.ts';
import { startPeer } from './support/peer-process.ts';
import { pythonWith } from './support/python-peer.ts';

const THREADS = 2;
const BATCH = 64;
const PROMPT = 64;
const TOKENS = 100;

/**
 * Sizes to measure. The first size gives the benchmark's ratio, because GRPO in the miniature world uses this size.
 */
const SIZES = ['small', 'base'] as const satisfies readonly NanoSize[];

export const bench: Bench = async ({ runs, note }) => {
  const python = pythonWith(join(import.meta.dirname, 'python/nano-requirements.txt'), note);
  const folder = mkdtempSync(join(tmpdir(), 'nano-bench-'));
  try {
    const sizes: Record<string, Sized> = {};
    for (const size of SIZES) sizes[size] = await measure(size, { runs, note, python, folder });
    const { ratio, ours, peer, protocol } = sizes[SIZES[0]]!;
    return {
      ratio,
      ours,
      peer,
      unit: 'sampled tokens per second',
      protocol,
      more: { sizes, loadAverage: loadavg() },
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
};

type Sized = Pick<Measured, 'ratio' | 'ours' | 'peer' | 'protocol'> & {
  /** Our tokens per second if all sequences have the same prompt, which is computed once. */
  readonly fromOnePrompt: number;
  readonly best: { readonly ours: number; readonly peer: number };
  readonly rates: { readonly ours: readonly number[]; readonly peer: readonly number[] };
};

type MeasureOptions = BenchOptions & { readonly python: string; readonly folder: string };

async function measure(size: NanoSize, { runs, note, python, folder }: MeasureOptions): Promise<Sized> {
  const config = nanoConfig({ size, vocabularySize: 2048 });
  const settings = join(folder, `${size}.json`);
  writeFileSync(settings, JSON.stringify({ config, batch: BATCH, prompt: PROMPT, tokens: TOKENS, threads: THREADS }));
  const peer = startPeer(python, [join(import.meta.dirname, 'python/nano_sampling.py'), settings]);
  const sampler = newSampler(config);
  const versions: Record<string, unknown> = {};
  try {
    const { ours, peer: theirs } = await interleaved(runs, {
      ours: () => rate(sampler, config, { prompts: BATCH }),
      peer: async () => {
        const answer = await peer.ask({});
        Object.assign(versions, answer);
        return Number(answer['tokensPerSecond']);
      },
    });
    const shared: number[] = [];
    for (let run = 0; run < runs; run++) shared.push(await rate(sampler, config, { prompts: 1 }));
    const median = (list: readonly number[]): number => medianOf(list, (value) => value);
    note(`${size}: ours ${ours.map(Math.round).join(' ')}, generate ${theirs.map(Math.round).join(' ')} tokens/s`);
    const { layers, width, heads, keyValueHeads } = config.decoder;
    return {
      ratio: rounded(median(ours) / median(theirs)),
      ours: rounded(median(ours)),
      peer: rounded(median(theirs)),
      protocol: {
        model: `decoder of nano ${size}: ${layers} layers, width ${width}, ${heads} heads (${keyValueHeads} for keys and values), vocabulary ${config.vocabularySize}; the peer ${String(versions['parameters'])} parameters`,
        batch: BATCH,
        prompt: `${PROMPT} tokens, each sequence its own`,
        tokens: `${TOKENS} each, temperature 1, no filters, no stop`,
        threads: `${THREADS}: ours two workers of one each`,
        peer: `transformers ${String(versions['transformers'])} generate, PyTorch ${String(versions['torch'])}, LlamaForCausalLM, sdpa, dynamic cache, float32, inference_mode`,
      },
      fromOnePrompt: rounded(median(shared)),
      best: { ours: rounded(Math.max(...ours)), peer: rounded(Math.max(...theirs)) },
      rates: { ours, peer: theirs },
    };
  } finally {
    peer.end();
    await sampler[Symbol.asyncDispose]();
  }
}

/** Our side uses two workers with one thread each, because the peer uses two threads. */
function newSampler(config: NanoConfig): WorkerEngine {
  return new WorkerEngine({
    config,
    parameters: initialParameters(parameterSpecs(config), 1),
    tokenizer: openTokenizer(tokenizerDocument(trainBpe([], { vocabularySize: 265 }))),
    workers: THREADS,
  });
}

/** Measures the sampled tokens per second of a batch. The time includes processing the prompts. */
async function rate(sampler: WorkerEngine, config: NanoConfig, { prompts }: { prompts: number }): Promise<number> {
  const options = { maxTokens: TOKENS, seed: 1, stopTokens: [] };
  const words = config.vocabularySize - 9;
  const requests = Array.from({ length: prompts }, (_, i) => ({
    promptTokens: Array.from({ length: PROMPT }, (_, j) => 9 + ((i * 977 + j * 131) % words)),
    samples: BATCH / prompts,
    options,
  }));
  const start = performance.now();
  const result = await sampler.sample(requests);
  const seconds = (performance.now() - start) / 1000;
  return result.flat().reduce((sum, { tokens }) => sum + tokens.length, 0) / seconds;
}
