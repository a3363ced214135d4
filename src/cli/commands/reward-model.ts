/** `globe reward-model`: trains the small localizability judge, or exports pairs and settings to train a large one. */
import { Command } from 'commander';
import { openGazetteer } from '../../gazetteer/open.ts';
import { rewardModelInputs } from '../../miniature/adapters/training-inputs.ts';
import { openRun, RUNS_FOLDER } from '../../storage/run-folder.ts';
import { writeFileAtomic } from '../../storage/atomic-file.ts';
import { exportPairs } from '../../training/reward-model/export-pairs.ts';
import { shippedPath } from '../../storage/package-files.ts';
import { readRewardModelRecipe } from '../../training/reward-model/recipe.ts';
import { trainRewardModel } from '../../training/reward-model/train-reward-model.ts';
import { interruptSignal, note, print, printJson } from '../output.ts';

type TrainOptions = { readonly recipe: string; readonly run: string; readonly runs: string; readonly json?: true };
type ExportOptions = { readonly dataset: string; readonly out: string; readonly seed: string };

export function command(): Command {
  return new Command('reward-model')
    .description('Train the localizability judge, which gives P(yes) for a photo and a reasoning, or export its pairs.')
    .addCommand(
      new Command('train')
        .description('Train the embedded judge on a generated world. Use it with `globe serve --judge nano:FOLDER`.')
        .requiredOption('--recipe <file>', 'recipe (YAML), e.g. recipes/reward-model-miniature.yaml')
        .requiredOption('--run <name>', 'name of the run, a folder in --runs')
        .option('--runs <folder>', 'folder of runs', RUNS_FOLDER)
        .option('--json', 'print the report as JSON')
        .action(trainModel),
    )
    .addCommand(
      new Command('export')
        .description('Write yes-or-no pairs of a curated dataset for ms-swift, with settings for LoRA fine-tuning.')
        .requiredOption('--dataset <path>', 'curated dataset (Parquet)')
        .requiredOption('--out <folder>', 'new or empty folder')
        .option('--seed <n>', 'seed of the corrupted reasonings', '1')
        .action(exportForEngine),
    );
}

async function trainModel({ recipe: path, run: name, runs, json }: TrainOptions): Promise<void> {
  using interrupt = interruptSignal();
  const recipe = await readRewardModelRecipe(shippedPath(path));
  await using folder = await openRun({ root: runs, name, options: { recipe } });
  const [started, cpu] = [performance.now(), process.cpuUsage()];
  const model = folder.file('model');
  const gazetteer = openGazetteer();
  const report = await trainRewardModel({
    ...(await rewardModelInputs(recipe, gazetteer)),
    recipe,
    out: model,
    gazetteer,
    signal: interrupt.signal,
    onNote: note,
  });
  const { user, system } = process.cpuUsage(cpu);
  const used = {
    seconds: Math.round((performance.now() - started) / 1000),
    cpuSeconds: Math.round((user + system) / 1e6),
  };
  await writeFileAtomic(folder.file('report.json'), `${JSON.stringify({ ...report, ...used }, null, 2)}\n`);
  await folder.complete({ ...report.truth, ...used });
  if (json) return printJson({ model, ...report, ...used });
  const { auc, aucInterval, expectedCalibrationError, n } = report.truth;
  print(
    `${model}: AUC ${auc?.toFixed(3)} (${aucInterval?.map((end) => end.toFixed(3)).join(' to ')}), ECE ${expectedCalibrationError?.toFixed(3)} on ${n} held-out pairs; ${used.seconds} s, ${used.cpuSeconds} CPU s.`,
  );
}

async function exportForEngine({ dataset, out, seed }: ExportOptions): Promise<void> {
  using interrupt = interruptSignal();
  const { rows, yes } = await exportPairs({ dataset, out, seed: Number(seed), signal: interrupt.signal });
  print(`${out}: ${rows} pairs, ${yes} of them yes, and reward-model.yaml for \`swift sft --config\`.`);
}
