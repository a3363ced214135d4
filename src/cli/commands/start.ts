/**
 * Defines `globe start`. It trains a small model for a few minutes, and shows how much better the model then locates
 * photos.
 */
import { existsSync } from 'node:fs';
import { relative } from 'node:path';
import { Command } from 'commander';
import { defined } from '../../core/defined.ts';
import { invalidInput } from '../../core/errors.ts';
import { readRecipe } from '../../curation/recipe/read-recipe.ts';
import { openGazetteer } from '../../gazetteer/open.ts';
import { openGrounder } from '../../grounding/entity-grounder.ts';
import { openResources } from '../../reproduction/resources.ts';
import { CAUTION } from '../../reproduction/start/start-page.ts';
import { runStart } from '../../reproduction/start/run-start.ts';
import { packageFile, repositoryOnlyHint, shippedPath } from '../../storage/package-files.ts';
import { RUNS_FOLDER } from '../../storage/run-folder.ts';
import { type GrpoRecipe, readTrainRecipe } from '../../training/recipe.ts';
import { integer, positiveInteger } from '../option-values.ts';
import { interruptSignal, note, print } from '../output.ts';
import { nextSteps, startResult } from '../start/start-text.ts';
import { reportStart } from '../start/report-start.ts';

/** Number of generated scenes. One sixth of them is held out for testing. */
const SCENES = 4500;
/** Seed of the world. It differs from the seeds of all other worlds of this project. */
const WORLD_SEED = 23;

type Options = {
  readonly run?: string;
  readonly runs: string;
  readonly base?: string;
  readonly recipe?: string;
  readonly judge?: string;
  readonly scenes: number;
  readonly worldSeed: number;
};

export function command(): Command {
  return new Command('start')
    .description(
      'Run the main job, in minutes: draw a small world, curate a training set, train the shipped base model with GRPO, and show what it learnt. The same command resumes an interrupted run.',
    )
    .option(
      '--run <name>',
      'name of the run, a folder in --runs (default: start, or the next free name for other settings)',
    )
    .option('--runs <folder>', 'folder of runs', RUNS_FOLDER)
    .option('--base <folder>', 'checkpoint to start from (default: models/base-vit)')
    .option('--judge <folder>', 'trained localizability judge (default: models/reward-model)')
    .option('--recipe <file>', 'GRPO recipe (default: recipes/start.yaml)')
    .option('--scenes <n>', 'number of scenes, including the held-out sixth', positiveInteger, SCENES)
    .option('--world-seed <n>', 'seed of the world', integer, WORLD_SEED)
    .action(run);
}

async function run({ run: name, runs, scenes, worldSeed, ...options }: Options): Promise<void> {
  using interrupt = interruptSignal();
  const recipe = await grpoRecipe(options.recipe ?? packageFile('recipes/start.yaml'));
  const base = options.base ?? relative(process.cwd(), packageFile('models/base-vit'));
  if (!existsSync(base)) {
    throw invalidInput(`No model found in ${base}.`, 'Give a checkpoint of the embedded model: --base FOLDER.');
  }
  const judge = options.judge ?? shippedJudge();
  const curation = await readRecipe(packageFile('recipes/curate-miniature.yaml'));
  const resources = openResources({
    gazetteer: openGazetteer(),
    grounder: await openGrounder(),
    now: () => performance.now(),
  });
  try {
    note(`${CAUTION}\n`);
    const started = await runStart({
      plan: { recipe, curation, base, world: { scenes, seed: worldSeed }, ...defined({ judge }) },
      root: runs,
      ...defined({ name }),
      resources,
      signal: interrupt.signal,
      onEvent: reportStart(),
    });
    print(startResult(started));
    print(nextSteps(started));
  } finally {
    if (interrupt.signal.aborted) note('Interrupted. Finished work is kept: run the same command again to resume.');
    await resources.dispose();
  }
}

/**
 * Returns the folder of the shipped judge. The published package contains no judge. The function then returns
 * undefined, and the page has no section about declined photos.
 */
function shippedJudge(): string | undefined {
  const folder = packageFile('models/reward-model');
  if (existsSync(folder)) return folder;
  note(
    `Without a localizability judge (--judge FOLDER), the page leaves out abstention. ${repositoryOnlyHint(folder)}`,
  );
  return undefined;
}

async function grpoRecipe(path: string): Promise<GrpoRecipe> {
  const recipe = await readTrainRecipe(shippedPath(path));
  if (recipe.method === 'grpo') return recipe;
  throw invalidInput(
    `Invalid recipe: ${path} has method: ${recipe.method}, but this command trains with GRPO.`,
    'Give a recipe with method: grpo.',
  );
}
