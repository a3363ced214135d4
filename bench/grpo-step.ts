/**
 * Compares a GRPO step of the embedded backend (sample, reward, reference, update) with a step of TRL's GRPOTrainer on
 * a Llama with the same decoder. The two sides alternate. TRL's model reads only text. Its prompt has additional tokens
 * instead of our image, and only our side runs a vision encoder. Both sides compute the same trivial reward, so that
 * the comparison measures only the step.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { scored } from '../src/core/score.ts';
import { imageTokens, type NanoConfig } from '../src/nano/config.ts';
import { EmbeddedBackend } from '../src/training/backends/embedded-backend.ts';
import { initialParameters } from '../src/nano/model/parameters.ts';
import { nanoConfig } from '../src/nano/config.ts';
import { openTokenizer, tokenizerDocument } from '../src/nano/tokenizer/tokenizer.ts';
import { parameterSpecs } from '../src/nano/learning/graphs.ts';
import { trainBpe } from '../src/nano/tokenizer/train-bpe.ts';
import { locatePrompt } from '../src/prompts/locate-prompt.ts';
import { type CombinedReward, combinedReward } from '../src/reward/combine.ts';
import { grpoPreset } from '../src/training/grpo/presets.ts';
import { grpoStep } from '../src/training/grpo-step.ts';
import type { GrpoMetrics } from '../src/training/step-metrics.ts';
import type { TrainingExample } from '../src/training/training-example.ts';
import { numberedImage } from '../test/support/tiny-nano.ts';
import { type Bench, interleaved, medianOf, rounded } from './bench.ts';
import { matmulFlops, sequenceFlops } from './nano-flops.ts';
import { startPeer } from './support/peer-process.ts';
import { matmulPeak } from './support/matmul-peak.ts';
import { pythonWith } from './support/python-peer.ts';

const THREADS = 2;
const PROMPTS = 8;
const GROUP = 8;
const TOKENS = 100;
const VOCABULARY = 2048;

type Step = { readonly seconds: number; readonly times?: GrpoMetrics['times'] };

export const bench: Bench = async ({ runs, note }) => {
  const python = pythonWith(join(import.meta.dirname, 'python/grpo-requirements.txt'), note);
  const folder = mkdtempSync(join(tmpdir(), 'grpo-bench-'));
  const settings = join(folder, 'settings.json');
  const ours = ourSide();
  const { config } = ours;
  const prompt = ours.promptTokens + imageTokens(config);
  writeFileSync(
    settings,
    JSON.stringify({ config, threads: THREADS, prompts: PROMPTS, group: GROUP, prompt, tokens: TOKENS }),
  );
  const peer = startPeer(python, [join(import.meta.dirname, 'python/grpo_step.py'), settings]);
  const versions: Record<string, unknown> = {};
  try {
    const steps = await interleaved<Step>(runs, {
      ours: async () => ours.step(),
      peer: async () => {
        const answer = await peer.ask({});
        Object.assign(versions, answer);
        return { seconds: Number(answer['seconds']) };
      },
    });
    const { gigaflopsPerSecond } = await matmulPeak({ threads: THREADS });
    const gigaflops = stepFlops(config, ours.promptTokens) / 1e9;
    const secondsAtPeak = gigaflops / gigaflopsPerSecond;
    const peerSeconds = medianOf(steps.peer, ({ seconds }) => seconds);
    const rate = (list: readonly Step[]): number => (PROMPTS * GROUP) / medianOf(list, ({ seconds }) => seconds);
    const part = (name: keyof GrpoMetrics['times']): number =>
      rounded(medianOf(steps.ours, ({ times }) => times![name]));
    const { layers, width, heads, keyValueHeads } = config.decoder;
    return {
      ratio: rounded(rate(steps.ours) / rate(steps.peer)),
      ours: rounded(rate(steps.ours)),
      peer: rounded(rate(steps.peer)),
      unit: 'completions per second of GRPO',
      protocol: {
        model: `nano small with its vision encoder: decoder of ${layers} layers, width ${width}, ${heads} heads (${keyValueHeads} for keys and values), vocabulary ${VOCABULARY}; the peer a Llama of the same decoder for text alone, ${String(versions['parameters'])} parameters`,
        step: `${PROMPTS} prompts × ${GROUP} completions of exactly ${TOKENS} tokens; prompts of ${prompt} positions, ${imageTokens(config)} of ours an image; temperature 1, KL to a frozen copy (β 0.001), one AdamW step, float32`,
        reward: 'the share of different words, the same on both sides',
        threads: `${THREADS}: ours two workers of one each`,
        peer: `TRL ${String(versions['trl'])} GRPOTrainer, transformers ${String(versions['transformers'])} generate, PyTorch ${String(versions['torch'])}, no gradient checkpointing`,
      },
      more: {
        ourStepMs: {
          sample: part('sampleMs'),
          reward: part('rewardMs'),
          reference: part('referenceMs'),
          update: part('updateMs'),
        },
        // The shortest possible time on this machine: the time of the step's matrix products alone, at the speed of one
        // large product.
        bound: {
          matmulGigaflops: rounded(gigaflops),
          matmulPeakGigaflopsPerSecond: rounded(gigaflopsPerSecond),
          secondsAtPeak: rounded(secondsAtPeak),
          ratioAtPeak: rounded(peerSeconds / secondsAtPeak),
        },
        secondsPerStep: {
          ours: steps.ours.map(({ seconds }) => rounded(seconds)),
          peer: steps.peer.map(({ seconds }) => rounded(seconds)),
        },
        loadAverage: loadavg(),
      },
    };
  } finally {
    peer.end();
    await ours.dispose();
    rmSync(folder, { recursive: true });
  }
};

/**
 * Counts the FLOP of a step's matrix products in sampling, reference and update. Each prompt is computed once for its
 * whole group.
 */
function stepFlops(config: NanoConfig, promptTokens: number): number {
  const batch = PROMPTS * GROUP;
  const prompts = { batch: PROMPTS, length: promptTokens, images: PROMPTS, rows: 0, training: false };
  const before = promptTokens + imageTokens(config);
  const completions = { batch, length: TOKENS, before, images: 0, rows: batch * TOKENS, training: false };
  const whole = { batch, prompts: PROMPTS, prompt: promptTokens, completion: TOKENS };
  return (
    matmulFlops(config, prompts) +
    matmulFlops(config, completions) +
    sequenceFlops(config, { ...whole, training: false }) +
    sequenceFlops(config, { ...whole, training: true })
  );
}

function ourSide() {
  const documents = join(import.meta.dirname, '../docs');
  const corpus = readdirSync(documents)
    .filter((name) => name.endsWith('.md'))
    .map((name) => readFileSync(join(documents, name), 'utf8'));
  const tokenizer = openTokenizer(tokenizerDocument(trainBpe(corpus, { vocabularySize: VOCABULARY })));
  const config = nanoConfig({ size: 'small', vocabularySize: tokenizer.size });
  const parameters = initialParameters(parameterSpecs(config), 1);
  const shared = { config, tokenizer, parameters };
  const backend = new EmbeddedBackend({ ...shared, workers: THREADS, optimizer: { maxGradientNorm: 1 } });
  const reference = backend.frozen(shared);
  const prompt = locatePrompt({ form: 'short' });
  // Without stop tokens, every completion is as long as the peer's.
  const sampling = { maxTokens: TOKENS, temperature: 1, stopTokens: [] };
  let steps = 0;
  return {
    config,
    promptTokens: backend.promptTokens({ prompt, image: true }).length,
    async step(): Promise<Step> {
      const numbers = Array.from({ length: PROMPTS }, (_, i) => steps * PROMPTS + i);
      const examples = await Promise.all(numbers.map(example));
      steps += 1;
      const start = performance.now();
      const { metrics } = await grpoStep(examples, {
        backend,
        reference,
        reward: differentWords(),
        preset: grpoPreset('globe', { maxCompletionTokens: TOKENS }),
        prompt,
        groupSize: GROUP,
        sampling,
        learningRate: 1e-6,
        minibatches: 1,
        iterations: 1,
        seed: String(steps),
        signal: new AbortController().signal,
        now: () => performance.now(),
      });
      return { seconds: (performance.now() - start) / 1000, times: metrics.times };
    },
    async dispose(): Promise<void> {
      await reference[Symbol.asyncDispose]();
      await backend.dispose();
    },
  };
}

const differentWords = (): CombinedReward =>
  combinedReward(
    {
      format: {
        name: 'different words',
        score: async (batch) =>
          batch.map(({ completion }) => {
            const words = completion.split(/\s+/).filter((word) => word !== '');
            return scored(new Set(words).size / Math.max(1, words.length));
          }),
      },
    },
    { format: 1 },
  );

const example = async (number: number): Promise<TrainingExample> => ({
  id: String(number),
  image: await numberedImage(number),
  truth: { country: 'Portugal', city: 'Lisbon' },
});
