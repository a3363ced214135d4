import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { scored } from '../core/score.ts';
import { openGazetteer } from '../gazetteer/open.ts';
import { openGrounder } from '../grounding/entity-grounder.ts';
import { locateTarget } from '../prompts/locate-prompt.ts';
import type { CombinedReward } from '../reward/combine.ts';
import { openRun } from '../storage/run-folder.ts';
import type { BackendFactory } from './backends/backend-factory.ts';
import type { TrainingBackend } from './backends/training-backend.ts';
import type { PhotoSource } from './photo-source.ts';
import { trainRecipeSchema } from './recipe.ts';
import { MODEL_FOLDER, train } from './train.ts';

const PRAGUE = locateTarget({ reasoning: 'A red tram.', country: 'Czechia', city: 'Prague' });
const RIO = locateTarget({ reasoning: 'A wide beach.', country: 'Brazil', city: 'Rio de Janeiro' });
/** The test model has two tokens. Each token is a whole answer. */
const ANSWERS = [PRAGUE, RIO];

/** A model in memory with a single parameter, the log-odds of the first answer. */
function coinBackend(onDispose: () => void): TrainingBackend {
  let [logit, gradient] = [0, 0];
  const share = (token: number): number => 1 / (1 + Math.exp(token === 0 ? -logit : logit));
  const logprobs = (tokens: readonly number[]): number[] => tokens.map((token) => Math.log(share(token)));
  const save = (folder: string): Promise<void> => writeFile(join(folder, 'logit'), String(logit));
  return {
    name: 'coin',
    tokenizer: { encode: (text) => [ANSWERS.indexOf(text)], decode: ([token]) => ANSWERS[token!]! },
    promptTokens: () => [],
    answerTokens: (answer) => [ANSWERS.indexOf(answer)],
    sample: async (queries) =>
      queries.map(({ samples, parameters }) =>
        Array.from({ length: samples }, (_, i) => {
          const tokens = [parameters.temperature === 0 ? Number(logit < 0) : i % 2];
          return { tokens, logprobs: logprobs(tokens), finishReason: 'stop' };
        }),
      ),
    forwardBackward: async (data, { name }) => {
      let loss = 0;
      for (const { tokens, lossInputs } of data) {
        const weight = (name === 'cross_entropy' ? lossInputs['weights'] : lossInputs['advantages'])![0]!;
        loss -= weight * (name === 'cross_entropy' ? logprobs(tokens)[0]! : 1);
        gradient -= weight * (tokens[0] === 0 ? share(1) : -share(0));
      }
      return { loss, logprobs: data.map(({ tokens }) => logprobs(tokens)) };
    },
    optimStep: async ({ learningRate }) => {
      logit -= learningRate * gradient;
      const gradientNorm = Math.abs(gradient);
      gradient = 0;
      return { gradientNorm };
    },
    computeLogprobs: async (data) => data.map(({ tokens }) => logprobs(tokens)),
    saveState: save,
    loadState: async (folder) => {
      logit = Number(await readFile(join(folder, 'logit'), 'utf8'));
    },
    exportModel: async (folder, { description }) => writeFile(folder, `${logit} ${description}`),
    [Symbol.asyncDispose]: async () => onDispose(),
  };
}

const source: PhotoSource = {
  name: 'photos',
  hasReasonings: true,
  photos: async () =>
    ['a', 'b', 'c', 'd'].map((id) => ({
      id,
      image: { bytes: new Uint8Array(), mediaType: 'image/jpeg', widthPixels: 1, heightPixels: 1, sha256: id },
      truth: { country: 'Czechia', city: 'Prague' },
      truthCoordinate: { latitudeDegrees: 50.08, longitudeDegrees: 14.42 },
      reasoning: 'A red tram.',
    })),
};

const reward: CombinedReward = {
  name: 'names Prague',
  weights: { accuracy: 1 },
  score: async (inputs) =>
    inputs.map(({ id, completion }) => {
      const total = scored(Number(completion === PRAGUE));
      return { id, components: { accuracy: total }, total };
    }),
};

let root: string;
let opened: string[];
let disposed: string[];
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'globe-train-'));
});
beforeEach(() => {
  opened = [];
  disposed = [];
});
afterAll(() => rm(root, { recursive: true }));

function open(name: string): Promise<TrainingBackend> {
  opened.push(name);
  return Promise.resolve(coinBackend(() => disposed.push(name)));
}
const backends: BackendFactory = { open: () => open('policy'), reference: () => open('reference') };

async function run(method: 'sft' | 'grpo', from = source) {
  const recipe = trainRecipeSchema.parse({
    method,
    model: { checkpoint: 'not read' },
    data: { train: 'not read' },
    batchSize: 2,
    epochs: 1,
    learningRate: 1,
    schedule: 'constant',
    warmupShare: 0,
    evaluateEvery: 1,
    ...(method === 'grpo' && { groupSize: 4, beta: 0.01 }),
  });
  await using folder = await openRun({ root, name: `${method}-${from.name}`, options: {} });
  const result = await train({
    recipe,
    run: folder,
    source: from,
    evaluation: source,
    annotators: [],
    backends,
    gazetteer: openGazetteer(),
    grounder: await openGrounder(),
    reward,
    signal: new AbortController().signal,
    now: () => 0,
  });
  const lines = async (file: string): Promise<Record<string, unknown>[]> =>
    (await readFile(folder.file(file), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  const model = await readFile(folder.file(MODEL_FOLDER), 'utf8');
  return { result, metrics: await lines('metrics.jsonl'), evaluations: await lines('evaluations.jsonl'), model };
}

describe('train drives any backend', () => {
  it('by supervised fine-tuning', async () => {
    const { result, metrics, evaluations, model } = await run('sft');
    expect(result.stepsDone).toBe(2);
    const first = Math.log(2);
    expect(metrics.map(({ loss }) => loss)).toEqual([
      expect.closeTo(first, 9),
      // One step of size 1 moves the log-odds from 0 to 1/2.
      expect.closeTo(Math.log1p(Math.exp(-0.5)), 9),
    ]);
    expect(evaluations.map(({ n }) => n)).toEqual([4, 4, 4]);
    expect(model).toMatch(/^0\.87\d+ Trained by sft/);
    expect([opened, disposed]).toEqual([['policy'], ['policy']]);
  });

  it('by GRPO, with a frozen reference for KL', async () => {
    const { result, metrics, model } = await run('grpo');
    expect(result.stepsDone).toBe(2);
    expect(metrics.map(({ reward }) => reward)).toEqual([0.5, 0.5]);
    expect(metrics[0]!['kl']).toBe(0);
    expect(metrics[1]!['kl']).toBeGreaterThan(0);
    expect(Number(model.split(' ')[0])).toBeGreaterThan(0);
    expect([opened, disposed.toSorted()]).toEqual([
      ['policy', 'reference'],
      ['policy', 'reference'],
    ]);
  });

  it('and rejects a source without reasonings or annotators', async () => {
    await expect(run('sft', { ...source, name: 'world', hasReasonings: false })).rejects.toThrow(
      'The photos of world have no reasonings to learn from.',
    );
  });
});
