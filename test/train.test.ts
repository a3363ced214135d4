import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openGazetteer } from '../src/gazetteer/open.ts';
import { openGrounder } from '../src/grounding/entity-grounder.ts';
import { trainingInputs } from '../src/miniature/adapters/training-inputs.ts';
import { generateWorld } from '../src/miniature/generate.ts';
import { openRun } from '../src/storage/run-folder.ts';
import { readTrainRecipe } from '../src/training/recipe.ts';
import { train } from '../src/training/train.ts';
import { runGlobe } from './support/run-globe.ts';

// These tests train two steps with each method on thirty photos. They check that training works, resumes exactly, and
// reports errors. The accuracies are in results/.

let folder: string;
let base: string;

const SFT = (world: string): string => `
method: sft
model: { size: small, vocabularySize: 512 }
data: { train: ${world}, annotators: [{ model: careful }], evaluation: ${world}, evaluationImages: 2 }
batchSize: 4
learningRate: 1e-3
epochs: 0.4
prompt: short
maxCompletionTokens: 8
evaluateEvery: 1
checkpointEvery: 1
`;
const GRPO = (world: string, checkpoint: string): string => `
method: grpo
model: { checkpoint: ${checkpoint} }
data: { train: ${world}, trainImages: 4 }
batchSize: 2
groupSize: 3
learningRate: 1e-3
prompt: short
maxCompletionTokens: 12
checkpointEvery: 1
minibatches: 2
iterations: 2
reward: { weights: { accuracy: 1, visual: 0.5, format: 1 } }
`;

async function recipeFile(name: string, text: string): Promise<string> {
  const path = join(folder, `${name}.yaml`);
  await writeFile(path, text);
  return path;
}

/** Runs the recipe, and aborts after `stopAfter` steps. */
async function run(recipePath: string, name: string, stopAfter = Number.POSITIVE_INFINITY) {
  const controller = new AbortController();
  const recipe = await readTrainRecipe(recipePath);
  await using runFolder = await openRun({ root: join(folder, 'runs'), name, options: { recipe } });
  return train({
    ...(await trainingInputs(recipe)),
    recipe,
    run: runFolder,
    gazetteer: openGazetteer(),
    grounder: await openGrounder(),
    signal: controller.signal,
    now: () => 0,
    onStep: (step) => {
      if (step + 1 >= stopAfter) controller.abort();
    },
  });
}

const recordOf = (name: string, file: string): Promise<Buffer> => readFile(join(folder, 'runs', name, file));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'globe-train-'));
  const world = join(folder, 'world');
  await generateWorld({
    scenes: 30,
    seed: 5,
    out: world,
    gazetteer: openGazetteer(),
    signal: new AbortController().signal,
  });
  base = await recipeFile('sft', SFT(world));
  await run(base, 'base');
});

describe('training', () => {
  it('lowers the loss, and writes a model, metrics and evaluations', async () => {
    const lines = (await recordOf('base', 'metrics.jsonl')).toString().trim().split('\n');
    const losses = lines.map((line) => (JSON.parse(line) as { loss: number }).loss);
    expect(losses.length).toBeGreaterThan(1);
    expect(losses.at(-1)).toBeLessThan(losses[0]!);
    expect((await recordOf('base', 'evaluations.jsonl')).toString().trim().split('\n')).toHaveLength(losses.length + 1);
    expect(JSON.parse((await recordOf('base', 'model/config.json')).toString())).toMatchObject({
      model_type: 'globe-nano',
    });
  });

  it('resumes SFT to the same bytes as an uninterrupted run', async () => {
    await expect(run(base, 'sft-resumed', 1)).rejects.toThrow('aborted');
    expect(await run(base, 'sft-resumed')).toMatchObject({ resumedAt: 1 });
    for (const file of ['metrics.jsonl', 'evaluations.jsonl', 'model/model.safetensors']) {
      expect(await recordOf('sft-resumed', file), file).toEqual(await recordOf('base', file));
    }
  });

  it('resumes GRPO to the same bytes as an uninterrupted run', async () => {
    const recipe = await recipeFile('grpo', GRPO(join(folder, 'world'), join(folder, 'runs', 'base', 'model')));
    await run(recipe, 'grpo');
    await expect(run(recipe, 'grpo-resumed', 1)).rejects.toThrow('aborted');
    expect(await run(recipe, 'grpo-resumed')).toMatchObject({ resumedAt: 1, stepsDone: 2 });
    for (const file of ['metrics.jsonl', 'samples.jsonl', 'model/model.safetensors']) {
      expect(await recordOf('grpo-resumed', file), file).toEqual(await recordOf('grpo', file));
    }
    const [first] = (await recordOf('grpo', 'metrics.jsonl')).toString().split('\n');
    expect(JSON.parse(first!)).toMatchObject({ updates: 4, statistics: { rows: 6, groups: 2, unscoredShare: 0 } });
  });
});

describe('globe train', () => {
  it('names the error in a recipe', async () => {
    const wrong = await recipeFile(
      'wrong',
      'method: grpo\nmodel: { checkpoint: x }\ndata: { train: y }\ngroupSize: 1\n',
    );
    const { exitCode, stderr } = await runGlobe(['train', '--recipe', wrong, '--run', 'x'], { cwd: folder });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('groupSize');
  });

  it('rejects localizability without a judge', async () => {
    const text = GRPO(join(folder, 'world'), join(folder, 'runs', 'base', 'model')).replace(
      'accuracy: 1',
      'localizability: 1',
    );
    const recipe = await recipeFile('judgeless', text);
    const { exitCode, stderr } = await runGlobe(['train', '--recipe', recipe, '--run', 'x'], { cwd: folder });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('no judge');
  });
});
