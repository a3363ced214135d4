/** `globe start`: the first thing to see. Scores the shipped example and says what to do with one's own predictions. */
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { reportOf } from '../../evaluation/report/report.ts';
import { table2Rows } from '../../evaluation/report/table2.ts';
import { terminalReport } from '../../evaluation/report/terminal.ts';
import { REPORT_FILES, writeReport } from '../../evaluation/report/write-report.ts';
import { scoreFile } from '../../evaluation/score-file.ts';
import { openGazetteer } from '../../gazetteer/open.ts';
import { openRun, RUNS_FOLDER } from '../../storage/run-folder.ts';
import { note, print } from '../output.ts';

/** Beside src/ and dist/ alike. */
const EXAMPLE = fileURLToPath(new URL('../../../examples/predictions.csv', import.meta.url));

const CAUTION =
  'An illustration: the answers and photos are made up, to show what scoring does. These numbers measure no model.';

export function command(): Command {
  return new Command('start')
    .description('Score the shipped example and write its report: what this program does, in a second.')
    .option('--runs <folder>', 'where the folders of runs are', RUNS_FOLDER)
    .action(run);
}

async function run({ runs }: { runs: string }): Promise<void> {
  const file = relative(process.cwd(), EXAMPLE);
  const gazetteer = openGazetteer();
  const scored = await scoreFile({ file, from: 'completion', gazetteer });
  const report = reportOf(scored, { geocoder: gazetteer.provenance });
  const rows = table2Rows([{ name: 'made-up example', summary: report, protocol: report.protocol.from }]);
  await using folder = await openRun({ root: runs, name: 'start', options: { command: 'start' } });
  await writeReport((name) => folder.file(name), {
    title: 'Example: answers of an imagined model',
    caution: CAUTION,
    report,
    rows,
    observations: scored.observations,
  });
  await folder.complete({ n: report.n, files: Object.values(REPORT_FILES) });
  note(`${CAUTION}\n`);
  print(terminalReport(report, rows));
  print(NEXT_STEPS(join(folder.path, REPORT_FILES.html)));
}

const NEXT_STEPS = (page: string): string => `
Look at the report:          ${page}
Score your own predictions:  npm run -s globe -- score FILE.csv --from completion
Locate your own photos:      npm run -s globe -- locate PHOTO… --model BASE_URL#NAME
Evaluate a model:            npm run -s globe -- evaluate --benchmark TRUTH.csv --images FOLDER --model BASE_URL#NAME --run NAME
All commands:                npm run -s globe -- --help`;
