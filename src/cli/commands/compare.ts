/** `globe compare RUN RUN…`: shows runs beside the paper's rows, and tests every later run against the first. */
import { Command, Option } from 'commander';
import { defined } from '../../core/defined.ts';
import { invalidInput } from '../../core/errors.ts';
import { requireBenchmark } from '../../evaluation/benchmarks.ts';
import { ROLES } from '../../evaluation/columns.ts';
import { parseColumnOptions } from '../../storage/named-columns.ts';
import { compare } from '../../evaluation/compare.ts';
import { SOURCES } from '../../evaluation/read-outcome.ts';
import type { Source } from '../../evaluation/read-outcome.ts';
import { comparisonHtml } from '../../evaluation/report/comparison-html.ts';
import { comparisonMarkdown, comparisonText } from '../../evaluation/report/comparison.ts';
import { markdownTable } from '../../evaluation/report/markdown.ts';
import { reportOf } from '../../evaluation/report/report.ts';
import { isPaperBenchmark, table2Rows } from '../../evaluation/report/table2.ts';
import { terminalTable } from '../../evaluation/report/terminal.ts';
import { openRunSource } from '../../evaluation/run-source.ts';
import { FAILURE_POLICIES, scoreFile } from '../../evaluation/score-file.ts';
import type { FailurePolicy } from '../../evaluation/score-file.ts';
import { openGazetteer } from '../../gazetteer/open.ts';
import { writeFileAtomic } from '../../storage/atomic-file.ts';
import { RUNS_FOLDER } from '../../storage/run-folder.ts';
import { collect } from '../option-values.ts';
import { print, printJson } from '../output.ts';

type Options = {
  from: Source;
  failures: FailurePolicy;
  truth?: string;
  column?: string[];
  benchmark?: string;
  runs: string;
  html?: string;
  markdown?: string;
  json?: true;
};

export function command(): Command {
  return new Command('compare')
    .description('Compare runs or prediction files side by side, with paired tests against the first.')
    .argument('<run...>', 'two or more: names in runs/, run folders or prediction files')
    .addOption(new Option('--from <what>', 'what to score in prediction files').choices(SOURCES).default('coordinates'))
    .addOption(
      new Option('--failures <policy>', 'how to score rows that record a failure')
        .choices(FAILURE_POLICIES)
        .default('as-given'),
    )
    .option('--truth <file>', 'truth of prediction files (CSV), joined by image id')
    .option('--column <role=header>', 'map a role to a column; repeatable', collect)
    .option('--benchmark <name>', "benchmark whose published rows to show (default: the first run's)")
    .option('--runs <folder>', 'folder of runs', RUNS_FOLDER)
    .option('--html <file>', 'also write the comparison as an HTML page')
    .option('--markdown <file>', 'also write the comparison as Markdown')
    .option('--json', 'print the comparison as JSON')
    .action(run);
}

async function run(names: readonly string[], options: Options): Promise<void> {
  if (names.length < 2)
    throw invalidInput('A comparison needs at least two runs, but only one is named.', 'Name the runs to compare.');
  const gazetteer = openGazetteer();
  const { runs, from, failures, truth: truthFile, column = [] } = options;
  const files = { runs, from, failures, columns: parseColumnOptions(column, ROLES), ...defined({ truthFile }) };
  const sources = await Promise.all(names.map((name) => openRunSource(name, files)));
  const scored = [];
  const columnLines: string[] = [];
  for (const source of sources) {
    const { outcomes, reading } = await scoreFile({ ...source.score, gazetteer });
    const report = reportOf({ outcomes, reading }, { geocoder: gazetteer.provenance });
    const { from: words, columnsRead } = report.protocol;
    const protocol = source.origin ?? `${words}; columns: ${columnsRead}`;
    scored.push({ name: source.name, outcomes, report, protocol });
    if (source.origin === undefined) columnLines.push(`Columns of ${source.name}: ${columnsRead}.`);
  }
  const [first, ...others] = scored;
  const comparisons = others.map((other) => compare(first!, other));
  // The paper measures places. A run that prefers coordinates stated in the answer follows another protocol, so the
  // table of such runs omits the paper's rows.
  const statedPositions = sources.filter(({ prefer = 'place' }) => prefer !== 'place').map(({ name }) => name);
  const benchmark = options.benchmark === undefined ? sources[0]!.benchmark : requireBenchmark(options.benchmark).name;
  const rows = table2Rows(
    scored.map(({ name, report, protocol }) => ({ name, summary: report, protocol })),
    statedPositions.length > 0 ? undefined : benchmark,
  );
  if (options.html !== undefined) {
    const title = `${scored.map(({ name }) => name).join(' and ')}, compared`;
    await writeFileAtomic(options.html, comparisonHtml({ title, runs: scored, comparisons, rows }));
  }
  if (options.markdown !== undefined) {
    await writeFileAtomic(
      options.markdown,
      `${[markdownTable(rows), ...columnLines, ...comparisons.map(comparisonMarkdown)].join('\n\n')}\n`,
    );
  }
  if (options.json === true) {
    printJson({
      runs: scored.map(({ name, report }) => ({ name, ...report })),
      comparisons,
      published: rows.filter(({ source }) => source === 'published'),
    });
    return;
  }
  const notes = columnLines.length === 0 ? [] : [columnLines.join('\n')];
  print([terminalTable(rows), ...notes, ...comparisons.map(comparisonText)].join('\n\n'));
  if (benchmark !== undefined && statedPositions.length > 0) {
    print(`\nThe paper's rows are left out: ${statedPositions.join(', ')} prefers positions that the answers state.`);
  } else if (benchmark !== undefined && !isPaperBenchmark(benchmark))
    print(`\nThe paper has no rows for ${benchmark}.`);
}
