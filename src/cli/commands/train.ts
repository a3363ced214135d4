/** `globe train`: trains a model by a recipe and shows live progress. An interrupted run can be resumed. */
import { Command } from 'commander';
import { defined } from '../../core/defined.ts';
import { openGazetteer } from '../../gazetteer/open.ts';
import { openGrounder } from '../../grounding/entity-grounder.ts';
import { trainingInputs } from '../../miniature/adapters/training-inputs.ts';
import { openRun, RUNS_FOLDER } from '../../storage/run-folder.ts';
import { describeEvaluation, describeStep } from '../../training/describe-step.ts';
import { shippedPath } from '../../storage/package-files.ts';
import { readTrainRecipe } from '../../training/recipe.ts';
import { MODEL_FOLDER, train } from '../../training/train.ts';
import type { CombinedReward } from '../../reward/combine.ts';
import { serviceReward } from '../../reward/service-reward.ts';
import { systemClock } from '../../service/clock.ts';
import { httpFetch } from '../../service/http-fetch.ts';
import { judgeVerifier } from '../../vision/claims/judge-verifier.ts';
import { openModel } from '../open-model.ts';
import { number } from '../option-values.ts';
import { interruptSignal, note, print, printJson } from '../output.ts';
import { progressLine } from '../progress.ts';
import { retryNotes } from '../retry-notes.ts';

type Options = {
  readonly recipe: string;
  readonly run: string;
  readonly runs: string;
  readonly patience: number;
  readonly json?: true;
};

export function command(): Command {
  return new Command('train')
    .description(
      'Train a model from a recipe: supervised fine-tuning (sft), GRPO, a geocell classifier or an image retriever. The same command resumes an interrupted run.',
    )
    .requiredOption('--recipe <file>', 'recipe (YAML); recipes/ has examples')
    .requiredOption('--run <name>', 'name of the run, a folder in --runs')
    .option('--runs <folder>', 'folder of runs', RUNS_FOLDER)
    .option('--patience <minutes>', 'how long to wait for a reward service that is down', number, 30)
    .option('--json', 'print the result as JSON')
    .action(run);
}

async function run({ recipe: path, run: name, runs, patience, json }: Options): Promise<void> {
  using interrupt = interruptSignal();
  const recipe = await readTrainRecipe(shippedPath(path));
  await using folder = await openRun({ root: runs, name, options: { recipe } });
  if (folder.resumed) note(`Resuming ${folder.path}.`);
  const judge =
    recipe.method === 'grpo' && recipe.reward.judge !== undefined
      ? (await openModel({ model: recipe.reward.judge, quiet: true })).model
      : undefined;
  const verifier =
    recipe.method === 'grpo' && recipe.reward.verifier !== undefined
      ? judgeVerifier((await openModel({ model: recipe.reward.verifier, quiet: true })).model)
      : undefined;
  const reward =
    recipe.method === 'grpo' && recipe.reward.service !== undefined
      ? await openServiceReward(recipe.reward.service, { patienceMs: patience * 60_000, signal: interrupt.signal })
      : undefined;
  let line: ReturnType<typeof progressLine> | undefined;
  const started = performance.now();
  const result = await train({
    ...(await trainingInputs(recipe)),
    recipe,
    run: folder,
    gazetteer: openGazetteer(),
    grounder: await openGrounder({ parts: recipe.method === 'grpo' && recipe.reward.parts }),
    ...(judge && { judge }),
    ...(verifier && { verifier }),
    ...(reward && { reward }),
    signal: interrupt.signal,
    now: () => performance.now(),
    onNote: note,
    onStep: (step, steps, metrics) => {
      line ??= progressLine(steps, { label: `${recipe.method} step` });
      line.update(step + 1, describeStep(metrics));
    },
    onEvaluation: (step, evaluation) => note(`\nHeld out, after ${step} steps: ${describeEvaluation(evaluation)}`),
  });
  line?.end();
  const seconds = Math.round((performance.now() - started) / 1000);
  await folder.complete({ ...result, seconds });
  if (result.stopped !== undefined) note(`Stopped early: ${result.stopped}.`);
  if (json) printJson({ run: folder.path, model: folder.file(MODEL_FOLDER), ...result, seconds });
  else print(`${folder.file(MODEL_FOLDER)}: ${result.stepsDone} of ${result.steps} steps in ${seconds} s.`);
}

async function openServiceReward(
  url: string,
  { patienceMs, signal }: { patienceMs: number; signal: AbortSignal },
): Promise<CombinedReward> {
  const token = process.env['GLOBE_TOKEN'];
  const reward = await serviceReward(
    {
      url,
      fetch: httpFetch(),
      clock: systemClock,
      random: Math.random,
      onRetry: retryNotes(note),
      onNotice: note,
      patienceMs,
      ...defined({ token }),
    },
    { signal },
  );
  note(`Rewards from ${reward.name}.`);
  return reward;
}
