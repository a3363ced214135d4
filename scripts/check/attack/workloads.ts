/** Small runs of the resumable commands, which attacks kill or damage. Each run takes a few seconds. */
import { createHash } from 'node:crypto';
import { globSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { openGazetteer } from '../../../src/gazetteer/open.ts';
import { generateWorld } from '../../../src/miniature/generate.ts';
import { packageFile } from '../../../src/storage/package-files.ts';
import { TINY_PLAN } from '../../../test/support/tiny-plan.ts';

export const WORKLOADS = ['evaluate', 'curate', 'train-sft', 'train-grpo', 'reproduce'] as const;
export type WorkloadName = (typeof WORKLOADS)[number];

export type Workload = {
  readonly name: WorkloadName;
  /** Returns the arguments of `globe` for a run in `runs/NAME`. */
  readonly command: (runs: string, name: string) => readonly string[];
  /** Path, inside the run's folder, of a file that exists only when the run is finished. */
  readonly lastFile: string;
  /** Returns digests, by path, of those result files that depend only on the options. */
  readonly results: (runs: string, name: string) => Promise<Readonly<Record<string, string>>>;
};

/** Writes the inputs of all workloads to a folder. */
export async function openWorkloads(folder: string): Promise<readonly Workload[]> {
  const world = join(folder, 'world');
  await mkdir(folder, { recursive: true });
  const { signal } = new AbortController();
  await generateWorld({ scenes: 60, seed: 5, out: world, gazetteer: openGazetteer(), signal });
  const file = (name: string, document: object): Promise<string> => written(join(folder, name), document);
  const [sft, grpo, curation, plan] = await Promise.all([
    file('sft.yaml', sftRecipe(world)),
    file('grpo.yaml', grpoRecipe(world)),
    file('curation.yaml', CURATION),
    file('plan.yaml', { ...TINY_PLAN, seeds: [1] }),
  ]);
  const training = (name: WorkloadName, recipe: string): Workload => ({
    name,
    command: (runs, run) => ['train', '--recipe', recipe, '--run', run, '--runs', runs],
    lastFile: 'manifest.json',
    results: digests(['metrics.jsonl', 'evaluations.jsonl', 'samples.jsonl', 'model/*.{safetensors,json}']),
  });
  return [
    {
      name: 'evaluate',
      command: (runs, run) => [
        'evaluate',
        '--benchmark',
        join(world, 'test.csv'),
        '--images',
        join(world, 'images'),
        '--model',
        'nano',
        '--run',
        run,
        '--runs',
        runs,
      ],
      lastFile: 'manifest.json',
      results: digests(['predictions.jsonl', 'report.json']),
    },
    {
      name: 'curate',
      command: (runs, run) => ['curate', '--recipe', curation, '--input', world, '--out', join(runs, run)],
      lastFile: 'manifest.json',
      results: digests(['dataset/**', 'fates.jsonl']),
    },
    training('train-sft', sft),
    training('train-grpo', grpo),
    {
      name: 'reproduce',
      command: (runs, run) => ['reproduce', 'table4', '--plan', plan, '--runs', join(runs, run)],
      lastFile: 'reproduce-miniature-table4.json',
      results: reproduced,
    },
  ];
}

async function written(path: string, document: object): Promise<string> {
  await writeFile(path, stringify(document));
  return path;
}

const COMMON = { seed: 3, prompt: 'short', maxCompletionTokens: 20, evaluateEvery: 5 };

const sftRecipe = (world: string): object => ({
  ...COMMON,
  method: 'sft',
  model: { size: 'small', vocabularySize: 512 },
  data: { train: world, annotators: [{ model: 'careful' }], evaluation: world, evaluationImages: 2 },
  batchSize: 2,
  epochs: 0.4,
  learningRate: 1e-3,
  checkpointEvery: 3,
});

const grpoRecipe = (world: string): object => ({
  ...COMMON,
  method: 'grpo',
  model: { checkpoint: packageFile('models/base-vit') },
  data: { train: world, evaluation: world, evaluationImages: 2 },
  batchSize: 2,
  groupSize: 4,
  epochs: 0.25,
  temperature: 1,
  learningRate: 1e-4,
  checkpointEvery: 2,
  reward: { weights: { accuracy: 1, visual: 0.5, format: 1 } },
});

const CURATION = {
  annotators: [{ model: 'miniature:careful' }, { model: 'miniature:bold' }],
  gps: { model: 'miniature' },
  segmentation: { model: 'miniature:0' },
  split: null,
};

const digestOf = (bytes: string): string => createHash('sha256').update(bytes, 'latin1').digest('hex');

const digests =
  (patterns: readonly string[]): Workload['results'] =>
  async (runs, name) => {
    const folder = join(runs, name);
    const entries = globSync(patterns, { cwd: folder, withFileTypes: true }).filter((entry) => entry.isFile());
    const paths = entries.map((entry) => join(entry.parentPath, entry.name)).toSorted();
    const pairs = paths.map(async (path) => {
      // Reports contain the path of their run's folder. The path is replaced, so that runs with different names can be
      // compared.
      const bytes = (await readFile(path, 'latin1')).replaceAll(folder, 'RUN');
      return [path.slice(folder.length + 1), digestOf(bytes)] as const;
    });
    return Object.fromEntries(await Promise.all(pairs));
  };

/** Returns digests of the table without its times, and of those files of the units that depend only on the plan. */
const reproduced: Workload['results'] = async (runs, name) => {
  const table = JSON.parse(await readFile(join(runs, name, 'reproduce-miniature-table4.json'), 'utf8')) as {
    readonly rows: readonly { readonly arm: string; readonly measures: unknown }[];
    readonly tests: unknown;
  };
  const rows = table.rows.map(({ arm, measures }) => ({ arm, measures }));
  const files = await digests(['*/predictions.jsonl', '*/metrics.jsonl', '*/model/model.safetensors'])(runs, name);
  return { ...files, table: digestOf(JSON.stringify({ rows, tests: table.tests })) };
};

/** Returns the names of the files whose digests differ. */
export function differences(
  found: Readonly<Record<string, string>>,
  expected: Readonly<Record<string, string>>,
): string[] {
  return Object.keys({ ...expected, ...found }).filter((path) => found[path] !== expected[path]);
}
