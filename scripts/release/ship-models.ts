/**
 * Copies trained models into models/, writes a card that describes each model and its training, and updates the
 * folder's checksums.
 *
 *   node scripts/release/ship-models.ts sft-vit=runs/reproduce-miniature/sft-vit-full-seed-1 --answers sft-vit=runs/reproduce-miniature/evaluation-sft-vit-full-seed-1
 *
 * NAME=RUN names the folder of a training run. --answers NAME=FOLDER names the evaluation that its card quotes. --out
 * names a folder to use instead of models/. Without arguments, the script only updates the checksums.
 */
import { createHash } from 'node:crypto';
import { cp, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parse } from 'yaml';
import { invalidInput } from '../../src/core/errors.ts';
import { CROSSED_RESAMPLES } from '../../src/core/statistics/index.ts';
import { LEVELS, THRESHOLDS_KM } from '../../src/evaluation/thresholds.ts';
import { measuresOf, readPredictions } from '../../src/reproduction/measures.ts';
import type { Measures } from '../../src/reproduction/results.ts';
import { writeFileAtomic } from '../../src/storage/atomic-file.ts';

const MODELS = fileURLToPath(new URL('../../models', import.meta.url));
const CHECKSUMS = 'checksums.json';
/** Files that are not copied: the training state, and the card, which the script writes itself. */
const LEFT_OUT = new Set(['training_state.safetensors', 'README.md']);

type Json = Readonly<Record<string, unknown>>;

type Shipment = { readonly run: string; readonly answers: string | undefined; readonly target: string };

async function ship({ run, answers, target }: Shipment): Promise<void> {
  const source = join(run, 'model');
  await rm(target, { recursive: true, force: true });
  await mkdir(target, { recursive: true });
  for (const file of await readdir(source)) {
    if (!LEFT_OUT.has(file)) await cp(join(source, file), join(target, file), { recursive: true });
  }
  const card = withoutRecipe(await readFile(join(source, 'README.md'), 'utf8'));
  const parts = [withLicence(withoutPaths(card)), await madeBy(run)];
  if (answers !== undefined) parts.push(await measuredIn(answers));
  parts.push(LIMITS);
  await writeFileAtomic(join(target, 'README.md'), `${parts.map((part) => part.trim()).join('\n\n')}\n`);
}

const LIMITS = `## Licence and limits

Apache-2.0. This model knows a generated world of drawings and nothing else: its answers about real photos are worthless, and its
numbers say nothing about real models. It is shipped so that training and evaluation can be tried within minutes, on any machine.`;

/** Removes the recipe from a card, because a section that is added later contains it. */
const withoutRecipe = (card: string): string => card.replace(/\n```json\n.*?\n```\n/su, '\n');

function withLicence(card: string): string {
  return card.includes('\nlicense:') ? card : card.replace(/^---\n/u, '---\nlicense: apache-2.0\n');
}

/**
 * Replaces each local path by its last part. If the last part is `model`, uses the name of the run's folder instead.
 */
function withoutPaths(text: string): string {
  return text.replaceAll(/(?<![\w:/])\.{0,2}(?:\/?[\w.-]+)?(?:\/[\w.-]+){2,}/gu, (path) =>
    basename(path) === 'model' ? basename(dirname(path)) : basename(path),
  );
}

async function madeBy(run: string): Promise<string> {
  const recipe = await recipeOf(run);
  const manifest = await readJson(join(run, 'manifest.json'));
  const { seconds, machine } = manifest as { seconds?: unknown; machine: { cores: number } };
  const facts = [
    ...(await worldsOf(recipe)).map((world) => `- Data: ${world}`),
    ...(typeof manifest['version'] === 'string' ? [`- Made with globe ${manifest['version']}.`] : []),
    ...(typeof seconds === 'number' ? [`- Trained in ${Math.round(seconds)} s on ${machine.cores} cores.`] : []),
  ];
  return `## How it was made

${facts.join('\n')}

\`\`\`json
${withoutPaths(JSON.stringify(recipe, null, 2))}
\`\`\``;
}

/** Reads a run's recipe from recipe.yaml (written by a reproduction) or options.json (written by `globe train`). */
async function recipeOf(run: string): Promise<Json> {
  const text = await readFile(join(run, 'recipe.yaml'), 'utf8').catch(() => undefined);
  if (text !== undefined) return parse(text) as Json;
  const { recipe } = await readJson(join(run, 'options.json'));
  if (recipe !== undefined) return recipe as Json;
  throw invalidInput(`Missing recipe in ${run}.`, 'Give the folder of a training run.');
}

/** Describes the generated worlds that a recipe's photos come from, either directly or through curation. */
async function worldsOf(recipe: Json): Promise<string[]> {
  const { train, world: source } = recipe['data'] as { train?: string; world?: string };
  const own = await readJson(join(train ?? source!, 'manifest.json'));
  if (own['format'] === 'globe-miniature') return [worldWords(own)];
  const world = await readJson(join(String(own['input']), 'manifest.json'));
  const { mode } = own['recipe'] as { mode: string };
  const { train: kept } = own['statistics'] as { train: { samples: number } };
  return [`${kept.samples} photos, curated (mode ${mode}) from a ${worldWords(world)}`];
}

function worldWords({ scenes, seed, digest }: Json): string {
  return `generated world of ${String(scenes)} scenes, seed ${String(seed)} (digest ${String(digest).slice(0, 12)}); its held-out sixth was not trained on.`;
}

async function measuredIn(folder: string): Promise<string> {
  const lines = await readPredictions(folder);
  const statistics = { resamples: CROSSED_RESAMPLES, seed: 20_250_614 };
  const rows = (['localizable', 'all'] as const).map((benchmark) =>
    measuredRow(benchmark, measuresOf([lines], { benchmark, name: basename(folder), statistics })),
  );
  const heads = THRESHOLDS_KM.map((km) => `${km} km (${LEVELS[km]})`);
  return `## Measured

Percent of held-out photos placed within a distance, one greedy answer each, with 95 % intervals (owners resampled). Photos of a
generated world: "localizable" are those that show something of their country.

| photos | n | ${heads.join(' | ')} |
| --- | --- | ${heads.map(() => '---').join(' | ')} |
${rows.join('\n')}`;
}

function measuredRow(benchmark: string, { n, accuracy }: Measures): string {
  const percent = (share: number): string => (100 * share).toFixed(1);
  const cells = accuracy.map(({ value, low, high }) => `${percent(value)} [${percent(low)}, ${percent(high)}]`);
  return `| ${benchmark} | ${n} | ${cells.join(' | ')} |`;
}

/** Writes the SHA-256 of every file below the folder, by relative path. */
async function writeChecksums(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((file) => file !== CHECKSUMS)
    .toSorted();
  const sums: Record<string, string> = {};
  for (const file of files)
    sums[file] = createHash('sha256')
      .update(await readFile(join(folder, file)))
      .digest('hex');
  await writeFileAtomic(join(folder, CHECKSUMS), `${JSON.stringify(sums, null, 2)}\n`);
  return files.length;
}

async function readJson(path: string): Promise<Json> {
  return JSON.parse(await readFile(path, 'utf8')) as Json;
}

function pair(text: string): [string, string] {
  const [name, folder] = [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)];
  if (/^[\w][\w.-]*$/u.test(name) && folder !== '') return [name, folder];
  throw invalidInput(`Invalid argument: "${text}".`, 'Use NAME=FOLDER, for example base-vit=runs/base-vit.');
}

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { answers: { type: 'string', multiple: true, default: [] }, out: { type: 'string', default: MODELS } },
});
const answers = new Map(values.answers.map(pair));
for (const [name, run] of positionals.map(pair)) {
  await ship({ run, answers: answers.get(name), target: join(values.out, name) });
  process.stdout.write(`${name}\n`);
}
process.stdout.write(`${await writeChecksums(values.out)} checksums in ${CHECKSUMS}\n`);
