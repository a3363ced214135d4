/** `globe dataset stats, show, review, export`: look at a reasoning dataset, decide on its rows, hand it on. */
import { join } from 'node:path';
import Table from 'cli-table3';
import { Command, InvalidArgumentError, Option } from 'commander';
import { exportDataset, EXPORT_FORMATS } from '../../curation/dataset/export.ts';
import type { ExportFormat } from '../../curation/dataset/export.ts';
import { collectPageItems } from '../../curation/dataset/page-items.ts';
import { datasetPage } from '../../curation/dataset/page.ts';
import { datasetStatistics } from '../../curation/dataset/stats.ts';
import type { Table1Row } from '../../curation/dataset/table1.ts';
import { stagesOf } from '../../curation/judge/fates.ts';
import { readManifest } from '../../curation/dataset/run-manifest.ts';
import type { RunManifest } from '../../curation/dataset/run-manifest.ts';
import { decisionsOf, loadReview, readDecisions, REVIEW_FILE, saveReview } from '../../curation/dataset/review.ts';
import type { Decision } from '../../curation/dataset/review.ts';
import { invalidInput } from '../../core/errors.ts';
import { PAPER_SOURCE, TABLE_1 } from '../../evaluation/paper-tables.ts';
import { writeOutputFile } from '../../storage/output-file.ts';
import { interruptSignal, note, print, printJson } from '../output.ts';

export function command(): Command {
  return new Command('dataset')
    .description('Look at a reasoning dataset: a Parquet file, its folder, or the folder of a curation run.')
    .addCommand(
      new Command('stats')
        .description("Table 1: samples, countries, cities and scenes, beside the paper's.")
        .argument('<dataset>')
        .option('--json', 'print JSON')
        .action(stats),
    )
    .addCommand(
      new Command('show')
        .description(
          'Make one HTML page to look rows over, dropped photos of a run among them, and to accept or reject.',
        )
        .argument('<dataset>')
        .option('--out <file>', 'the page', 'dataset.html')
        .option('--limit <n>', 'rows at most, spread evenly', positiveInteger, 200)
        .action(show),
    )
    .addCommand(
      new Command('review')
        .description('Keep the decisions that a page saved; rejected rows leave when the run is curated again.')
        .argument('<run>', 'the folder of a curation run')
        .requiredOption('--decisions <file>', 'what "Save decisions" of the page gave')
        .action(review),
    )
    .addCommand(
      new Command('export')
        .description('Write rows as JSON Lines, CSV, or chat messages for supervised fine-tuning.')
        .argument('<dataset>')
        .requiredOption('--out <file>')
        .addOption(new Option('--format <format>').choices(EXPORT_FORMATS).default('jsonl'))
        .option('--split <split>', 'rows of this split only')
        .option('--images <folder>', 'write the images there')
        .action(exportRows),
    );
}

async function stats(path: string, { json }: { json?: true }): Promise<void> {
  const statistics = await datasetStatistics(path);
  if (json === true) {
    printJson({ dataset: Object.fromEntries(statistics), paper: TABLE_1, paperSource: PAPER_SOURCE });
    return;
  }
  const table = new Table({ head: ['', ...TABLE_1.columns], style: { head: [], border: [] } });
  for (const [split, row] of statistics) table.push([split, ...cells(row)]);
  for (const [name, row] of Object.entries(TABLE_1.rows)) table.push([`${name} (paper)`, ...row.map(String)]);
  print(table.toString());
  const unknown = [...statistics.values()].reduce((sum, { samples, withScene }) => sum + samples - withScene, 0);
  if (unknown > 0) note(`${unknown} rows have no scene.`);
  note(`The paper's rows: ${PAPER_SOURCE}, Table 1.`);
}

function cells({ samples, countries, cities, scenes, withScene }: Table1Row): string[] {
  const known = [scenes.indoor, scenes.natural, scenes.urban].map((n) => (withScene === 0 ? '–' : String(n)));
  return [String(samples), String(countries), String(cities), ...known];
}

async function show(path: string, { out, limit }: { out: string; limit: number }): Promise<void> {
  using interrupt = interruptSignal();
  const items = await collectPageItems(path, { limit, signal: interrupt.signal });
  await writeOutputFile(out, datasetPage({ title: `Dataset ${path}`, items }));
  const kept = items.filter((item) => item.kept).length;
  note(`${out}: ${kept} rows and ${items.length - kept} dropped photos.`);
}

async function review(run: string, { decisions: file }: { decisions: string }): Promise<void> {
  // A review belongs to a run: this says so where the folder is none.
  const manifest = await readManifest(run);
  const decisions = await readDecisions(file);
  const stages = await stagesOf(run);
  assertKnown(decisions, { stages, file, run });
  const path = join(run, REVIEW_FILE);
  await saveReview(path, decisions);
  const { accepted, rejected } = decisionsOf(await loadReview(path));
  print(`${accepted.size} accepted and ${rejected.size} rejected in all.`);
  const vain = [...decisionsOf(decisions).accepted].filter((id) => !NO_HINDRANCE.has(stages.get(id)!));
  if (vain.length > 0) {
    note(
      `Accepting has no effect on ${few(vain.map((id) => `${id} (${stages.get(id)})`))}: a photo that a gate or the selection dropped comes in by another recipe alone.`,
    );
  }
  note(afterReview(run, manifest));
}

/** Where accepting means something: rows, photos that a reviewer rejected, and those of a shard, which are not selected yet. */
const NO_HINDRANCE: ReadonlySet<string> = new Set(['kept', 'review']);

function assertKnown(
  decisions: readonly Decision[],
  { stages, file, run }: { stages: ReadonlyMap<string, string>; file: string; run: string },
): void {
  const unknown = [...new Set(decisions.map(({ id }) => id))].filter((id) => !stages.has(id));
  if (unknown.length === 0) return;
  throw invalidInput(
    `${file} decides on ${few(unknown)}, which ${unknown.length === 1 ? 'is' : 'are'} not among the photos of ${run}. Nothing was kept.`,
    'Give the decisions to the run that the page was made of.',
  );
}

/** The first three of a list, and how many more. */
function few(names: readonly string[]): string {
  const more = names.length - 3;
  return `${names.slice(0, 3).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** What brings the decisions into the dataset, by the kind of run. */
function afterReview(run: string, { shards, options: { shard } }: RunManifest): string {
  if (shards !== undefined) {
    return `Merge again: globe curate merge ${shards.join(' ')} --out ${run}. The dataset is made without the rejected rows, and nothing is asked anew.`;
  }
  if (shard.count > 1) {
    return `This is shard ${shard.index}/${shard.count}: globe curate merge takes its decisions along. Merge the shards again if they are merged already.`;
  }
  return 'Run the `globe curate` command of this run again: the dataset is made without the rejected rows, and nothing is asked anew.';
}

type ExportCommandOptions = { out: string; format: ExportFormat; split?: string; images?: string };

async function exportRows(path: string, options: ExportCommandOptions): Promise<void> {
  using interrupt = interruptSignal();
  const rows = await exportDataset(path, { ...options, signal: interrupt.signal });
  note(`${rows} rows in ${options.out}.`);
}

function positiveInteger(value: string): number {
  const parsed = Number(value);
  if (Number.isSafeInteger(parsed) && parsed > 0) return parsed;
  throw new InvalidArgumentError(`"${value}" is not a whole number above 0.`);
}
