/** `globe calibrate RUN`: learns from an evaluated run how often answers of each support are right. */
import { dirname, join } from 'node:path';
import Table from 'cli-table3';
import { Command } from 'commander';
import { z } from 'zod';
import { defined } from '../../core/defined.ts';
import { invalidInput } from '../../core/errors.ts';
import { RUN_FILES } from '../../evaluation/evaluate.ts';
import { fitCalibration } from '../../evaluation/fit-calibration.ts';
import type { CalibrationPhoto } from '../../evaluation/fit-calibration.ts';
import { openRunSource } from '../../evaluation/run-source.ts';
import { scoreFile } from '../../evaluation/score-file.ts';
import { readSupports } from '../../evaluation/prediction-record.ts';
import { openGazetteer } from '../../gazetteer/open.ts';
import type { Calibration } from '../../locator/calibration.ts';
import { writeOutputFile } from '../../storage/output-file.ts';
import { readJson } from '../../storage/read-document.ts';
import { RUNS_FOLDER } from '../../storage/run-folder.ts';
import { checkRunFile, RUN_OPTIONS_FILE } from '../../storage/run-manifest.ts';
import { wholeNumber } from '../option-values.ts';
import { note, print, printJson } from '../output.ts';

type Options = { readonly runs: string; readonly output: string; readonly seed: number; readonly json?: true };

const RUN_SETTINGS = {
  name: 'record of an evaluation',
  schema: z.looseObject({
    command: z.literal('evaluate'),
    model: z.string(),
    prompt: z.string().exactOptional(),
    samples: z.number().exactOptional(),
    calibration: z.string().exactOptional(),
  }),
  hint: 'Name a run of globe evaluate.',
};

export function command(): Command {
  return new Command('calibrate')
    .description(
      'Learn from an evaluated run how often an answer is right at each level, for locate --calibration. Half of the photos only check the result.',
    )
    .argument('<run>', 'name in runs/, or folder of a finished run of globe evaluate')
    .option('--output <file>', 'calibration to write', 'calibration.json')
    .option('--runs <folder>', 'folder of runs', RUNS_FOLDER)
    .option('--seed <n>', 'seed of the halves', wholeNumber, 0)
    .option('--json', 'print the calibration as JSON')
    .action(run);
}

async function run(name: string, { runs, output, seed, json }: Options): Promise<void> {
  const source = await openRunSource(name, { runs, from: 'coordinates', failures: 'as-given', columns: {} });
  const file = source.score.file;
  await checkRunFile(file);
  const {
    model,
    prompt,
    samples,
    calibration: earlier,
  } = await readJson(join(dirname(file), RUN_OPTIONS_FILE), RUN_SETTINGS);
  if (earlier !== undefined) {
    throw invalidInput(`${name} was evaluated with a calibration.`, 'Calibrate a run without --calibration.');
  }
  const { outcomes } = await scoreFile({ ...source.score, gazetteer: openGazetteer() });
  const supports = await readSupports(join(dirname(file), RUN_FILES.predictions));
  const photos = outcomes.map((measured): CalibrationPhoto => ({ measured, support: supports.get(measured.id) ?? {} }));
  const settings = { model, ...(prompt !== undefined && defined({ prompt, samples })) };
  const calibration = fitCalibration(photos, { settings, seed });
  await writeOutputFile(output, `${JSON.stringify(calibration, null, 2)}\n`);
  if (json === true) printJson(calibration);
  else print(tableOf(calibration));
  note(`Written to ${output}. Use it with globe locate --calibration ${output} --confidence 0.8.`);
}

function tableOf({ levels }: Calibration): string {
  const head = ['level', 'fitted on', 'checked on', 'calibration error before', 'after'];
  const table = new Table({ head, style: { head: [], border: [] } });
  for (const [level, { n, heldOut }] of Object.entries(levels)) {
    table.push([level, n, heldOut.n, heldOut.errorBefore.toFixed(3), heldOut.error.toFixed(3)]);
  }
  return `${table.toString()}\nExpected calibration error over 15 bins of equal mass, on photos that the curve was not fitted on.`;
}
