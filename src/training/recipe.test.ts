import { mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readTrainRecipe } from './recipe.ts';

const GRPO = 'method: grpo\nmodel: { checkpoint: x }\ndata: { train: y }\n';
const RECIPES = join(import.meta.dirname, '../../recipes');

async function read(text: string) {
  const path = join(await mkdtemp(join(tmpdir(), 'globe-recipe-')), 'recipe.yaml');
  await writeFile(path, text);
  return readTrainRecipe(path);
}

describe('readTrainRecipe', () => {
  it('reads every shipped training recipe', async () => {
    const names = (await readdir(RECIPES)).filter((name) =>
      /^(?:base|sft|grpo|geocell|retriever)-.*\.yaml$/u.test(name),
    );
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) expect(await readTrainRecipe(join(RECIPES, name)), name).toHaveProperty('method');
  });

  it('defaults to the paper’s numbers', async () => {
    const minimal = 'model: { checkpoint: x }\ndata: { train: y }\n';
    expect(await read(`method: grpo\n${minimal}`)).toMatchObject({
      learningRate: 1e-6,
      epochs: 1,
      warmupShare: 0.01,
      groupSize: 16,
      temperature: 1,
      preset: 'globe',
      maxCompletionTokens: 1024,
      reward: { mode: 'paper', weights: 'script' },
    });
    expect(await read(`method: sft\n${minimal}`)).toMatchObject({ learningRate: 1e-5, epochs: 2, batchSize: 64 });
  });

  it('accepts a length limit, and a τ that changes during training', async () => {
    const reward =
      'reward: { mode: distance, weights: { accuracy: 1, length: 0.5 }, length: { maxTokens: 100, bufferTokens: 20 }, shape: { kind: exponential, tauKm: { from: 2000, to: 20 } } }';
    expect(await read(`${GRPO}${reward}`)).toMatchObject({
      reward: {
        length: { maxTokens: 100, bufferTokens: 20 },
        shape: { kind: 'exponential', tauKm: { from: 2000, to: 20 } },
      },
    });
  });

  it.each([
    ['method: dpo', 'method'],
    ['method: sft\nmodel: { checkpoint: x }\ndata: { train: y }\nlearnigRate: 1', 'learnigRate'],
    ['method: sft\nmodel: { checkpoint: x }\ndata: { train: y }\nepochs: -1', 'epochs'],
    [
      'method: grpo\nmodel: { checkpoint: x }\ndata: { train: y }\nreward: { service: "http://x:1", judge: a }',
      'remove them from the recipe',
    ],
    ['method: grpo\nmodel: { checkpoint: x }\ndata: { train: y }\nreward: { service: "x" }', 'service'],
    [
      'method: grpo\nmodel: { checkpoint: x }\ndata: { train: y }\nreward: { service: "http://x:1/?key=hunter22" }',
      'GLOBE_TOKEN',
    ],
    [
      'method: grpo\nmodel: { checkpoint: x }\ndata: { train: y }\nreward: { service: "http://me:hunter22@x:1" }',
      'GLOBE_TOKEN',
    ],
    [`${GRPO}reward: { weights: { accuracy: -1 } }`, 'the weight of accuracy is -1'],
    [`${GRPO}reward: { weights: { accuracy: 0 } }`, 'no reward has a weight above 0'],
    [`${GRPO}reward: { weights: {} }`, 'no reward has a weight above 0'],
    [`${GRPO}reward: { weights: { accuracy: 1, length: 1 } }`, 'maxTokens, bufferTokens'],
    [`${GRPO}reward: { length: { maxTokens: 10, bufferTokens: 11 } }`, 'bufferTokens'],
    [`${GRPO}reward: { shape: { kind: exponential, tauKm: 10 } }`, 'shape applies only to mode distance'],
    [`${GRPO}reward: { mode: distance, shape: { kind: exponential, tauKm: { from: 9, to: 0 } } }`, 'tauKm'],
    ['{', 'not valid YAML'],
  ])('rejects %j and reports %s', async (text, problem) => {
    await expect(read(text)).rejects.toThrow(problem);
  });
});
