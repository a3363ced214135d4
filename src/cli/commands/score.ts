/** `globe score FILE`: scores existing predictions. */
import { basename } from 'node:path';
import { Command, Option } from 'commander';
import { requireBenchmark } from '../../evaluation/benchmarks.ts';
import { ROLES } from '../../evaluation/columns.ts';
import { parseColumnOptions } from '../../storage/named-columns.ts';
import { SOURCES } from '../../evaluation/read-outcome.ts';
import type { Source } from '../../evaluation/read-outcome.ts';
import { htmlReport } from '../../evaluation/report/html.ts';
import { markdownReport } from '../../evaluation/report/markdown.ts';
import { reportOf } from '../../evaluation/report/report.ts';
import { differ, measuredRun, table2Rows } from '../../evaluation/report/table2.ts';
import { PREFERENCES } from '../../locator/preferred-position.ts';
import type { Preference } from '../../locator/preferred-position.ts';
import { terminalReport } from '../../evaluation/report/terminal.ts';
import { FAILURE_POLICIES, MISSING_POLICIES, scoreFile } from '../../evaluation/score-file.ts';
import type { FailurePolicy, MissingPolicy } from '../../evaluation/score-file.ts';
import { openGazetteer } from '../../gazetteer/open.ts';
import { writeFileAtomic } from '../../storage/atomic-file.ts';
import { defined } from '../../core/defined.ts';
import type { Place } from '../../core/place.ts';
import { type GeocoderOptions, openGeocoder, withGeocoderOptions } from '../geocode/open-geocoder.ts';
import { shippedPath } from '../../storage/package-files.ts';
import { collect } from '../option-values.ts';
import { interruptSignal, print, printJson } from '../output.ts';

type Options = GeocoderOptions & {
  from: Source;
  truth?: string;
  column?: string[];
  failures: FailurePolicy;
  missing: MissingPolicy;
  prefer: Preference;
  benchmark?: string;
  html?: string;
  markdown?: string;
  json?: true;
};

export function command(): Command {
  const score = new Command('score')
    .description(
      'Score existing predictions (CSV, TSV, JSON, JSON Lines; also gzipped): distances, places, intervals, protocol.',
    )
    .argument('<file>', 'predictions, with the truth in the same file or in --truth')
    .addOption(new Option('--from <what>', 'what to score').choices(SOURCES).default('coordinates'))
    .option('--truth <file>', 'truth of a benchmark (CSV), joined by image id')
    .option('--column <role=header>', `map a role (${ROLES.join(', ')}) to a column; repeatable`, collect)
    .addOption(
      new Option('--failures <policy>', 'how to score rows that record a failure (success is false, or 0, 0)')
        .choices(FAILURE_POLICIES)
        .default('as-given'),
    )
    .addOption(
      new Option('--missing <policy>', 'how to score images of --truth without a row')
        .choices(MISSING_POLICIES)
        .default('excluded'),
    );
  score.addOption(
    new Option('--prefer <position>', 'position of a completion that names a place and states a position')
      .choices(PREFERENCES)
      .default('place'),
  );
  return withGeocoderOptions(score)
    .option('--benchmark <name>', 'benchmark whose published rows to show beside the result')
    .option('--html <file>', 'also write the report as an HTML page')
    .option('--markdown <file>', 'also write the report as Markdown')
    .option('--json', 'print the report as JSON')
    .action(run);
}

async function run(file: string, options: Options): Promise<void> {
  using interrupt = interruptSignal();
  const gazetteer = openGazetteer();
  const geocoder = await openGeocoder(gazetteer, options);
  const { prefer } = options;
  const source = {
    file: shippedPath(file),
    from: options.from,
    gazetteer,
    columns: parseColumnOptions(options.column ?? [], ROLES),
    failures: options.failures,
    missing: options.missing,
    ...(options.provider !== 'gazetteer' && {
      geocode: (place: Place) => geocoder.geocode(place, { signal: interrupt.signal }),
    }),
    ...defined({ truthFile: options.truth }),
  };
  const scored = await scoreFile({ ...source, prefer });
  const report = reportOf(scored, { geocoder: geocoder.provenance });
  const benchmark = options.benchmark === undefined ? undefined : requireBenchmark(options.benchmark).name;
  const runs = [measuredRun(basename(file), { report, prefer })];
  if (options.from === 'completion') {
    // Scores the same answers again, with the other choice between a stated position and a named place. Adds a row if
    // an outcome differs.
    const other = prefer === 'place' ? 'finest' : 'place';
    const again = await scoreFile({ ...source, prefer: other });
    if (differ(scored.outcomes, again.outcomes)) {
      const otherReport = reportOf(again, { geocoder: geocoder.provenance });
      runs.push(measuredRun(basename(file), { report: otherReport, prefer: other }));
    }
  }
  const rows = table2Rows(runs, benchmark);
  const content = { title: `${basename(file)}, from ${options.from}`, report, rows, outcomes: scored.outcomes };
  if (options.html !== undefined) await writeFileAtomic(options.html, htmlReport(content));
  if (options.markdown !== undefined) await writeFileAtomic(options.markdown, markdownReport(report, content));
  if (options.json) printJson(report);
  else print(terminalReport(report, rows));
}
