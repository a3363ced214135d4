import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRecipe } from '../src/curation/recipe/read-recipe.ts';
import { openGazetteer } from '../src/gazetteer/open.ts';
import { openGrounder } from '../src/grounding/entity-grounder.ts';
import { saveCheckpoint } from '../src/nano/checkpoint.ts';
import { openResources } from '../src/reproduction/resources.ts';
import { startRunName } from '../src/reproduction/start/run-name.ts';
import { runStart } from '../src/reproduction/start/run-start.ts';
import { START_UNITS } from '../src/reproduction/start/start-units.ts';
import { type GrpoRecipe, readTrainRecipe } from '../src/training/recipe.ts';
import { type Run, runGlobe, runGlobeHere } from './support/run-globe.ts';
import { tinyCheckpoint } from './support/tiny-nano.ts';

// These tests run the main job on a world of sixty scenes, with an untrained model. They check that the job works from
// end to end, can resume, and writes its results. The README and results/ show the gain for the shipped base model.

const RECIPE = `
method: grpo
model: { checkpoint: models/base-vit }
data: { train: filled in, evaluation: filled in, evaluationImages: 2, trainImages: 4 }
prompt: short
batchSize: 2
groupSize: 2
learningRate: 1e-3
maxCompletionTokens: 8
evaluateEvery: 1
checkpointEvery: 1
reward: { weights: { accuracy: 1, visual: 0.5, format: 0.5 } }
`;

let folder: string;
let args: string[];
let first: Run;

const file = (...parts: string[]): string => join(folder, 'runs', 'start', ...parts);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'globe-start-'));
  await saveCheckpoint(join(folder, 'base'), tinyCheckpoint());
  await writeFile(join(folder, 'recipe.yaml'), RECIPE);
  args = ['start', '--base', 'base', '--recipe', 'recipe.yaml', '--scenes', '60', '--world-seed', '21'];
  first = await runGlobeHere(args, { cwd: folder });
});

afterAll(() => rm(folder, { recursive: true }));

describe('globe start', () => {
  it('prints its steps, the gain with its interval, six photos and next steps', () => {
    expect(first.stderr).toContain('say nothing about real photos');
    for (const part of ['Drawing', 'Testing the base', 'Curating', 'Training with GRPO', 'Testing the trained']) {
      expect(first.stderr).toContain(part);
    }
    expect(first.exitCode, first.stderr).toBe(0);
    expect(first.stdout).toMatch(/% of \d+ photos within/u);
    expect(first.stdout).toMatch(/At city level .* points \[.*\].* \(p = /u);
    expect(first.stdout.match(/^\d\. .*, .*\(/gmu)).toHaveLength(6);
    expect(first.stdout).toContain('--model nano:runs/start/training/model');
  });

  it('writes the page, the numbers, the trained model and a manifest', async () => {
    const page = await readFile(file('report.html'), 'utf8');
    for (const part of ['accuracy', 'examples', 'learning', 'hallucinations', 'step', 'protocol']) {
      expect(page).toContain(`<section id="${part}">`);
    }
    expect(page.match(/<img src="data:image\/\w+;base64,[\w+/]{100}/gu)).toHaveLength(6);
    const numbers = JSON.parse(await readFile(file('report.json'), 'utf8')) as { before: { n: number } };
    expect(numbers).toMatchObject({ steps: 2, groupSize: 2, after: { n: numbers.before.n } });
    expect(JSON.parse(await readFile(file('manifest.json'), 'utf8'))).toMatchObject({ n: numbers.before.n });
    expect((await stat(file('training', 'model', 'model.safetensors'))).size).toBeGreaterThan(1000);
  });

  it('reports a complete run when started again, without repeating work', async () => {
    const before = await readFile(file('report.json'), 'utf8');
    const again = await runGlobeHere(args, { cwd: folder });
    expect(again.stdout).toContain('This run was already complete');
    expect(again.stdout).toContain('npm start -- --run another');
    expect(again.stderr.match(/already done/gu)).toHaveLength(5);
    expect(await readFile(file('report.json'), 'utf8')).toBe(before);
  });

  it('resumes after an interruption, with the same result', async () => {
    const controller = new AbortController();
    const plan = {
      recipe: (await readTrainRecipe(join(folder, 'recipe.yaml'))) as GrpoRecipe,
      curation: await readRecipe('recipes/curate-miniature.yaml'),
      base: join(folder, 'base'),
      world: { scenes: 60, seed: 21 },
    };
    const resources = openResources({ gazetteer: openGazetteer(), grounder: await openGrounder(), now: () => 0 });
    const job = { plan, root: join(folder, 'runs'), name: 'other', resources };
    const stopped = runStart({
      ...job,
      signal: controller.signal,
      onEvent: ({ kind, unit }) => {
        if (kind === 'progress' && unit.name === START_UNITS.training) controller.abort();
      },
    });
    await expect(stopped).rejects.toThrow('aborted');
    const events: string[] = [];
    const { wasComplete } = await runStart({
      ...job,
      signal: new AbortController().signal,
      onEvent: ({ kind, unit }) => events.push(`${kind} ${unit.name}`),
    });
    await resources.dispose();
    expect(wasComplete).toBe(false);
    expect(events.slice(0, 4)).toEqual(['kept world', 'kept answers-before', 'kept curated', 'started training']);
    const trained = (run: string): Promise<Buffer> =>
      readFile(join(folder, 'runs', run, 'training', 'model', 'model.safetensors'));
    expect(await trained('other')).toEqual(await trained('start'));
  });

  it('says how to resume when interrupted', async () => {
    const { exitCode, stderr } = await runGlobe([...args, '--run', 'interrupted', '--scenes', '4500'], {
      cwd: folder,
      started: (child) =>
        new Promise((resolve) => {
          child.stderr!.on('data', (text: string) => {
            if (text.includes('Drawing')) resolve(void child.kill('SIGINT'));
          });
        }),
    });
    expect(stderr).toContain('run the same command again to resume');
    expect(exitCode).toBe(130);
  });

  it('leaves a finished run unchanged and uses the next name for other settings', async () => {
    const other = { command: 'start', world: { scenes: 61, seed: 21 } };
    const same: unknown = JSON.parse(await readFile(file('options.json'), 'utf8'));
    const root = join(folder, 'runs');
    expect(await startRunName(root, other)).toBe('start-2');
    expect(await startRunName(root, same as Record<string, unknown>)).toBe('start');
    expect(await startRunName(join(folder, 'nothing'), other)).toBe('start');
  });

  it('names the missing model', async () => {
    const { exitCode, stderr } = await runGlobeHere(['start', '--base', 'nowhere'], { cwd: folder });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('No model found in nowhere');
  });

  it('rejects a recipe that is not GRPO', async () => {
    await writeFile(
      join(folder, 'sft.yaml'),
      RECIPE.replace('method: grpo', 'method: sft').replace(/groupSize.*\n|reward.*\n/gu, ''),
    );
    const { exitCode, stderr } = await runGlobeHere(['start', '--base', 'base', '--recipe', 'sft.yaml'], {
      cwd: folder,
    });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('has method: sft');
  });
});
