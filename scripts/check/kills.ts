/**
 * `npm run check:kills` tests that training survives SIGKILL. It kills real `globe train` processes, SFT and then GRPO
 * from a base model. It resumes them and compares the results byte for byte with an undisturbed run. The moments of the
 * kills are random but seeded, and include loading. The script prints a line of JSON per method, and exits with 1 if
 * anything differs. test/train-killed.test.ts is the short form.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { random } from '../../src/core/random.ts';
import { openGazetteer } from '../../src/gazetteer/open.ts';
import { generateWorld } from '../../src/miniature/generate.ts';
import { TRAINING_FILES } from '../../src/training/training-loop.ts';
import { killAndResume } from '../../test/support/kill-runs.ts';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
  },
});
const totalKills = Number(values.kills);
const MAIN = join(import.meta.dirname, '../../src/cli/main.ts');
const SCENES = 60;
const COMPARED = [
  TRAINING_FILES.metrics,
  TRAINING_FILES.evaluations,
  TRAINING_FILES.samples,
  join('model', 'model.safetensors'),
];

const folder = await mkdtemp(join(tmpdir(), 'globe-kills-'));
const world = join(folder, 'world');
const runs = join(folder, 'runs');
const generator = random(Number(values.seed));

const common = `
seed: 3
prompt: short
maxCompletionTokens: 20
`;
const learns = `{ train: ${world}, annotators: [{ model: careful }], evaluation: ${world}, evaluationImages: 3 }`;
const recipes = {
  /** Trains the base model on a few sentences, so that rewards differ within groups. This run is never killed. */
  base: `${common}
method: sft
model: { size: small, vocabularySize: 512 }
data: ${learns}
batchSize: 4
epochs: 5
learningRate: 3e-3
evaluateEvery: 0
`,
  sft: `${common}
method: sft
model: { size: small, vocabularySize: 512 }
data: ${learns}
batchSize: 4
epochs: 1.2
learningRate: 1e-3
checkpointEvery: 3
evaluateEvery: 5
`,
  grpo: `${common}
method: grpo
model: { checkpoint: ${join(runs, 'base', 'model')} }
data: { train: ${world}, evaluation: ${world}, evaluationImages: 3 }
batchSize: 2
groupSize: 6
epochs: 0.55
temperature: 0.6
learningRate: 1e-4
checkpointEvery: 2
evaluateEvery: 5
reward: { weights: { accuracy: 1, visual: 0.5, format: 1 } }
`,
};

/** Digests of a run's files. */
async function digestsOf(name: string): Promise<Record<string, string>> {
  const digests = COMPARED.map(async (file) => {
    const bytes = await readFile(join(runs, name, file)).catch(() => 'not there');
    return [file, createHash('sha256').update(bytes).digest('hex')] as const;
  });
  return Object.fromEntries(await Promise.all(digests));
}

/** Number of recorded steps, including steps that a resume will repeat. */
function stepsOf(name: string): number {
  const path = join(runs, name, TRAINING_FILES.metrics);
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').length - 1 : 0;
}

type Run = { readonly method: keyof typeof recipes; readonly name: string };

/** Options for killing and resuming a run. The run's errors go to stderr. */
const startRun = ({ method, name }: Run) => ({
  start: () =>
    spawn(
      process.execPath,
      [MAIN, 'train', '--recipe', join(folder, `${method}.yaml`), '--run', name, '--runs', runs],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    ),
  manifest: join(runs, name, 'manifest.json'),
  generator,
});

async function check(method: 'sft' | 'grpo'): Promise<boolean> {
  const whole = `${method}-whole`;
  const started = performance.now();
  await killAndResume({ ...startRun({ method, name: whole }), kills: 0, maxLifetimeMs: 0 });
  const maxLifetimeMs = performance.now() - started;
  const expected = await digestsOf(whole);
  const killedAfter: number[] = [];
  const different: string[] = [];
  let complete = 0;
  while (killedAfter.length < totalKills) {
    const name = `${method}-${++complete}`;
    await killAndResume({
      ...startRun({ method, name }),
      kills: totalKills - killedAfter.length,
      maxLifetimeMs,
      onKill: () => killedAfter.push(stepsOf(name)),
    });
    const found = await digestsOf(name);
    const files = COMPARED.filter((file) => found[file] !== expected[file]);
    different.push(...files.map((file) => `${name}/${file}`));
    const verdict = files.length === 0 ? 'the same bytes' : `DIFFERENT: ${files.join(', ')}`;
    process.stderr.write(`${killedAfter.length} kills; ${name}: ${verdict}\n`);
  }
  const kills = killedAfter.length;
  const record = { method, steps: stepsOf(whole), kills, killedAfterSteps: killedAfter, runs: complete, different };
  process.stdout.write(`${JSON.stringify({ ...record, seed: Number(values.seed) })}\n`);
  return different.length === 0;
}

await mkdir(runs, { recursive: true });
for (const [method, text] of Object.entries(recipes)) await writeFile(join(folder, `${method}.yaml`), text);
const { signal } = new AbortController();
await generateWorld({ scenes: SCENES, seed: 5, out: world, gazetteer: openGazetteer(), signal });
await killAndResume({ ...startRun({ method: 'base', name: 'base' }), kills: 0, maxLifetimeMs: 0 });
for (const method of ['sft', 'grpo'] as const) if (!(await check(method))) process.exitCode = 1;
await rm(folder, { recursive: true });
