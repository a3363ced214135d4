/**
 * Sampling from the embedded model's decoder against transformers' `generate` on a Llama of the same sizes: batch 64, prompts read and
 * tokens drawn at temperature 1, by turns. Prompts differ, so nothing is shared between sequences; how much sharing one prompt gains is
 * reported beside it.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  initialParameters,
  nanoConfig,
  NanoSampler,
  openTokenizer,
  parameterSpecs,
  tokenizerDocument,
  trainBpe,
} from '../src/nano/index.ts';
import { type Bench, interleaved, medianOf, rounded } from './bench.ts';
import { startPeer } from './support/asked-peer.ts';
import { pythonWith } from './support/python-peer.ts';

const THREADS = 2;
const BATCH = 64;
const PROMPT = 64;
const TOKENS = 100;

const config = nanoConfig({ size: 'base', vocabularySize: 2048 });

export const bench: Bench = async ({ runs, note }) => {
  const folder = mkdtempSync(join(tmpdir(), 'nano-bench-'));
  const settings = join(folder, 'settings.json');
  writeFileSync(settings, JSON.stringify({ config, batch: BATCH, prompt: PROMPT, tokens: TOKENS, threads: THREADS }));
  const python = pythonWith(join(import.meta.dirname, 'python/nano-requirements.txt'), note);
  const peer = startPeer(python, [join(import.meta.dirname, 'python/nano_sampling.py'), settings]);
  const sampler = new NanoSampler({
    config,
    parameters: initialParameters(parameterSpecs(config), 1),
    tokenizer: openTokenizer(tokenizerDocument(trainBpe([], { vocabularySize: 265 }))),
    threads: THREADS,
    slots: BATCH,
  });
  const versions: Record<string, unknown> = {};
  try {
    const ours = (different: boolean) => async (): Promise<number> => {
      const options = { maxTokens: TOKENS, seed: 1, stopTokens: [] };
      const prompt = (i: number): number[] =>
        Array.from({ length: PROMPT }, (_, j) => 9 + ((i * 977 + j * 131) % (config.vocabularySize - 9)));
      const requests = different
        ? Array.from({ length: BATCH }, (_, i) => ({ promptTokens: prompt(i), samples: 1, options }))
        : [{ promptTokens: prompt(0), samples: BATCH, options }];
      const start = performance.now();
      const result = await sampler.sample(requests);
      const seconds = (performance.now() - start) / 1000;
      return result.flat().reduce((sum, { tokens }) => sum + tokens.length, 0) / seconds;
    };
    const rates = await interleaved(runs, {
      ours: ours(true),
      peer: async () => {
        const answer = await peer.ask({});
        Object.assign(versions, answer);
        note(`generate: ${Number(answer['tokensPerSecond']).toFixed(0)} tokens/s`);
        return Number(answer['tokensPerSecond']);
      },
    });
    const shared: number[] = [];
    for (let run = 0; run < runs; run++) shared.push(await ours(false)());
    const median = (list: readonly number[]): number => medianOf(list, (rate) => rate);
    return {
      ratio: rounded(median(rates.ours) / median(rates.peer)),
      ours: rounded(median(rates.ours)),
      peer: rounded(median(rates.peer)),
      unit: 'sampled tokens per second',
      protocol: {
        model: `decoder of nano base: ${config.decoder.layers} layers, width ${config.decoder.width}, ${config.decoder.heads} heads (${config.decoder.keyValueHeads} for keys and values), vocabulary ${config.vocabularySize}; the peer ${String(versions['parameters'])} parameters`,
        batch: BATCH,
        prompt: `${PROMPT} tokens, each sequence its own`,
        tokens: `${TOKENS} each, temperature 1, no filters, no stop`,
        threads: THREADS,
        peer: `transformers ${String(versions['transformers'])} generate, PyTorch ${String(versions['torch'])}, LlamaForCausalLM, sdpa, dynamic cache, float32, inference_mode`,
      },
      more: {
        tokensPerSecondFromOnePrompt: rounded(median(shared)),
        best: { ours: rounded(Math.max(...rates.ours)), peer: rounded(Math.max(...rates.peer)) },
        rates,
        shared,
        loadAverage: loadavg(),
      },
    };
  } finally {
    peer.end();
    await sampler.dispose();
    rmSync(folder, { recursive: true });
  }
};
