import { mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readTrainRecipe } from './recipe.ts';

const RECIPES = join(import.meta.dirname, '../../recipes');

async function read(text: string) {
  const path = join(await mkdtemp(join(tmpdir(), 'globe-recipe-')), 'recipe.yaml');
  await writeFile(path, text);
  return readTrainRecipe(path);
}

describe('readTrainRecipe', () => {
  it('reads every training recipe that is shipped', async () => {
    const names = (await readdir(RECIPES)).filter((name) =>
      /^(?:base|sft|grpo|geocell|retriever)-.*\.yaml$/u.test(name),
    );
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) expect(await readTrainRecipe(join(RECIPES, name)), name).toHaveProperty('method');
  });

  it('has the paper’s numbers for defaults', async () => {
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

  it.each([
    ['method: dpo', 'method'],
    ['method: sft\nmodel: { checkpoint: x }\ndata: { train: y }\nlearnigRate: 1', 'learnigRate'],
    ['method: sft\nmodel: { checkpoint: x }\ndata: { train: y }\nepochs: -1', 'epochs'],
    [
      'method: grpo\nmodel: { checkpoint: x }\ndata: { train: y }\nreward: { service: "http://x:1", judge: a }',
      'take them out',
    ],
    ['method: grpo\nmodel: { checkpoint: x }\ndata: { train: y }\nreward: { service: "x" }', 'service'],
    ['{', 'not YAML'],
  ])('refuses %j, naming %s', async (text, named) => {
    await expect(read(text)).rejects.toThrow(named);
  });
});
