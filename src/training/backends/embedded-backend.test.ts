import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { numberedImage, tinyCheckpoint } from '../../../test/support/tiny-nano.ts';
import type { PreparedImage } from '../../image/prepared-image.ts';
import { loadCheckpoint, saveCheckpoint } from '../../nano/checkpoint.ts';
import { EmbeddedBackend } from './embedded-backend.ts';
import { NanoModel } from '../../locator/nano-model.ts';
import type { Datum, Sample } from './training-backend.ts';

let images: PreparedImage[];
let folder: string;
const open: EmbeddedBackend[] = [];
beforeAll(async () => {
  images = await Promise.all([5, 77, 1234].map(numberedImage));
  folder = await mkdtemp(join(tmpdir(), 'nano-'));
});
afterAll(async () => {
  await Promise.all(open.map((backend) => backend.dispose()));
  await rm(folder, { recursive: true });
});

function newBackend(seed = 1, workers = 1): EmbeddedBackend {
  const backend = new EmbeddedBackend({
    ...tinyCheckpoint({ seed }),
    threads: 1,
    workers,
    optimizer: { maxGradientNorm: 1, weightDecay: 0.01 },
  });
  open.push(backend);
  return backend;
}

const answers = ['country: Czechia\ncity: Prague', 'country: Brazil\ncity: Rio de Janeiro', 'The tram is cream.'];

function data(backend: EmbeddedBackend): Datum[] {
  return answers.map((answer, i) => {
    const tokens = backend.answerTokens(answer);
    return {
      prompt: { image: images[i]!, tokens: backend.promptTokens({ prompt: 'Where?', image: true }) },
      tokens,
      lossInputs: { weights: tokens.map(() => 1 / 30) },
    };
  });
}

async function train(backend: EmbeddedBackend, steps: number): Promise<number[]> {
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) {
    const { loss } = await backend.forwardBackward(data(backend), { name: 'cross_entropy' });
    await backend.optimStep({ learningRate: 3e-3 });
    losses.push(loss);
  }
  return losses;
}

describe('EmbeddedBackend', () => {
  it('learns, and samples from the trained weights', async () => {
    const backend = newBackend();
    const losses = await train(backend, 120);
    expect(losses.at(-1)).toBeLessThan(0.05);
    const samples = await backend.sample(
      data(backend).map(({ prompt }) => ({
        prompt,
        samples: 1,
        parameters: { maxTokens: 40, temperature: 0, seed: 1 },
      })),
    );
    expect(samples.map(([sample]) => backend.tokenizer.decode(sample!.tokens, { controls: false }))).toEqual(answers);
  });

  it('samples from the current weights, even when calls overlap', async () => {
    const backend = newBackend(5);
    const [first] = data(backend) as [Datum];
    const draw = () =>
      backend.sample([{ prompt: first.prompt, samples: 2, parameters: { maxTokens: 6, temperature: 1, seed: 2 } }]);
    const step = async (): Promise<void> => {
      await backend.forwardBackward([first], { name: 'cross_entropy' });
      await backend.optimStep({ learningRate: 0.05 });
    };
    await draw();
    await step();
    const [one, other] = await Promise.all([draw(), draw()]);
    expect(other).toEqual(one);
    await Promise.all([draw(), step(), draw()]);
    const [[sample]] = (await draw()) as [[Sample]];
    const [logprobs] = await backend.computeLogprobs([{ prompt: first.prompt, tokens: sample.tokens }]);
    for (const [t, logprob] of sample.logprobs.entries()) expect(logprobs![t]).toBeCloseTo(logprob, 4);
  });

  it.each([
    { workers: 1, steps: 0 },
    { workers: 1, steps: 3 },
    { workers: 2, steps: 3 },
  ])('resumes bit for bit with $workers workers from a state saved after $steps steps and a half', async (from) => {
    const backend = newBackend(2, from.workers);
    await train(backend, from.steps);
    await backend.forwardBackward(data(backend), { name: 'cross_entropy' });
    const place = join(folder, `state-${from.workers}-${from.steps}`);
    await backend.saveState(place);
    // The resumed backend takes its number of workers from the saved state, because results differ in the last bits
    // between numbers of workers.
    const resumed = newBackend(9, 1);
    await resumed.loadState(place);
    expect(resumed.workers).toBe(from.workers);
    for (const each of [backend, resumed]) await each.optimStep({ learningRate: 3e-3 });
    expect(await train(resumed, 20)).toEqual(await train(backend, 20));
  });

  it('gives the same log-probabilities from the sampler, computeLogprobs and forwardBackward', async () => {
    const backend = newBackend(4);
    const prompt = { image: images[0]!, tokens: backend.promptTokens({ prompt: 'Where?', image: true }) };
    const [samples] = await backend.sample([{ prompt, samples: 4, parameters: { maxTokens: 20, seed: 3 } }]);
    const continuations = samples!.map(({ tokens }) => ({ prompt, tokens }));
    const computed = await backend.computeLogprobs(continuations);
    const { loss, logprobs } = await backend.forwardBackward(
      continuations.map((continuation, i) => ({
        ...continuation,
        lossInputs: { oldLogprobs: samples![i]!.logprobs, advantages: continuation.tokens.map(() => 1) },
      })),
      { name: 'ppo', settings: { clipHigh: 0.3 } },
    );
    expect(logprobs).toEqual(computed);
    for (const [i, { logprobs: drawn }] of samples!.entries()) {
      for (const [j, logprob] of drawn.entries()) expect(computed[i]![j]).toBeCloseTo(logprob, 4);
    }
    // The old log-probabilities equal the current ones, so every ratio is 1 and the loss is minus the number of tokens.
    expect(loss).toBeCloseTo(-samples!.flatMap(({ tokens }) => tokens).length, 2);
  });

  it('reports an unknown loss, an unknown setting and a missing input', async () => {
    const backend = newBackend();
    const [datum] = data(backend) as [Datum];
    await expect(backend.forwardBackward([datum], { name: 'mse' })).rejects.toThrow(/Unknown loss: "mse"/);
    await expect(backend.forwardBackward([datum], { name: 'ppo' })).rejects.toThrow(/needs one value of "oldLogprobs"/);
    await expect(backend.forwardBackward([datum], { name: 'cross_entropy', settings: { beta: 1 } })).rejects.toThrow(
      /no setting "beta"/,
    );
  });
});

describe('a checkpoint', () => {
  it('is a folder in the Hugging Face layout and loads as the same model', async () => {
    const checkpoint = tinyCheckpoint({ backbone: 'mixer' });
    const place = join(folder, 'checkpoint');
    await saveCheckpoint(place, checkpoint, { description: 'A model for tests.' });
    expect((await readdir(place)).toSorted()).toEqual([
      'README.md',
      'config.json',
      'digests.json',
      'generation_config.json',
      'model.safetensors',
      'tokenizer.json',
      'tokenizer_config.json',
    ]);
    const loaded = await loadCheckpoint(place);
    expect(loaded.config).toEqual(checkpoint.config);
    expect(loaded.parameters).toEqual(checkpoint.parameters);
    expect(loaded).not.toHaveProperty('promptForm');
  });

  it('records the prompt form that it was trained on', async () => {
    const place = join(folder, 'short-prompt');
    await saveCheckpoint(place, { ...tinyCheckpoint(), promptForm: 'short' });
    expect((await loadCheckpoint(place)).promptForm).toBe('short');
  });

  it('answers as a vision model', async () => {
    await using backend = newBackend();
    await train(backend, 120);
    const model = new NanoModel(
      { config: backend.config, tokenizer: backend.tokenizer, parameters: await backend.engine.parameters() },
      { threads: 1 },
    );
    const request = {
      image: images[1]!,
      prompt: 'Where?',
      samples: 2,
      temperature: 0,
      maxTokens: 40,
      signal: AbortSignal.any([]),
    };
    const completions = await model.generate({ ...request, topLogprobs: 3 });
    expect(completions.map(({ text, finishReason }) => [text, finishReason])).toEqual([
      [answers[1], 'stop'],
      [answers[1], 'stop'],
    ]);
    const { logprobs, usage } = completions[0]!;
    expect(logprobs!.map(({ token }) => token).join('')).toBe(`${answers[1]}<|end|>`);
    expect(logprobs![0]!.top).toHaveLength(3);
    expect(usage!.completionTokens).toBe(logprobs!.length);
    const [cut] = await model.generate({ ...request, samples: 1, stop: ['city'] });
    expect(cut!.text).toBe('country: Brazil\n');
    await model.dispose();
  });

  it('reports a missing file', async () => {
    await expect(loadCheckpoint(join(folder, 'nowhere'))).rejects.toThrow(/no readable config.json/);
  });
});
