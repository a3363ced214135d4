/**
 * `globe dataset stats, show, review, export, publish`: shows statistics and a review page of a reasoning dataset,
 * records reviews, exports it, and prepares its publication.
 */
import { join } from 'node:path';
import Table from 'cli-table3';
import { Command, Option } from 'commander';
import { exportDataset } from '../../curation/dataset/export.ts';
import { EXPORT_FORMATS } from '../../curation/dataset/export-forms.ts';
import type { ExportFormat } from '../../curation/dataset/export-forms.ts';
import { collectPageItems } from '../../curation/dataset/page-items.ts';
import { datasetPage } from '../../curation/dataset/page.ts';
import { publishDataset } from '../../curation/dataset/publish.ts';
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
import { positiveInteger } from '../option-values.ts';
import { interruptSignal, note, print, printJson } from '../output.ts';

const DATASET = 'Parquet file, its folder, or the folder of a curation run';

export function command(): Command {
  return new Command('dataset')
    .description('Inspect, review and export a reasoning dataset.')
    .addCommand(
      new Command('stats')
        .description("Print samples, countries, cities and scenes beside the paper's Table 1.")
        .argument('<dataset>', DATASET)
        .option('--json', 'print the statistics as JSON')
        .action(stats),
    )
    .addCommand(
      new Command('show')
        .description('Write an HTML page of rows and dropped photos, on which you accept or reject them.')
        .argument('<dataset>', DATASET)
        .option('--out <file>', 'page to write', 'dataset.html')
        .option('--limit <n>', 'maximum number of rows, taken at even intervals', positiveInteger, 200)
        .action(show),
    )
    .addCommand(
      new Command('review')
        .description(
          'Record decisions from the page that `dataset show` writes. Rejected rows leave the dataset when the run is curated again.',
        )
        .argument('<run>', 'folder of a curation run')
        .requiredOption('--decisions <file>', 'file that "Save decisions" on the page downloaded')
        .action(review),
    )
    .addCommand(
      new Command('export')
        .description('Write one split as JSON Lines or CSV, or in the form that TRL, ms-swift or verl loads.')
        .argument('<dataset>', DATASET)
        .requiredOption('--out <file>', 'file to write')
        .addOption(new Option('--format <format>', 'output format').choices(EXPORT_FORMATS).default('jsonl'))
        .option('--split <split>', 'split to export; "all" for every split (jsonl and csv)', 'train')
        .option('--keep-formulas', 'CSV: leave texts as they are that a spreadsheet would run as formulas')
        .option(
          '--images <folder>',
          'folder for the images (default: NAME-images beside the file for TRL, ms-swift and verl; no images for jsonl and csv)',
        )
        .option('--without-visual', 'trl-grpo, verl: accept rows that the reward "visual" cannot score')
        .action(exportRows),
    )
    .addCommand(
      new Command('publish')
        .description('Prepare a dataset with its card for the Hugging Face Hub, in a new folder. Uploads nothing.')
        .argument('<dataset>', 'folder of a curation run, or of its dataset')
        .requiredOption('--out <folder>', 'new folder for the files')
        .option('--allow-unlicensed', 'accept rows whose licence is not stated')
        .action(publish),
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
  const rows = items.filter((item) => item.kept).length;
  note(`${out}: ${rows} rows and ${items.length - rows} dropped photos.`);
}

async function review(run: string, { decisions: file }: { decisions: string }): Promise<void> {
  // Throws if the folder is not a run, because only a run can be reviewed.
  const manifest = await readManifest(run);
  const decisions = await readDecisions(file);
  const stages = await stagesOf(run);
  assertKnown(decisions, { stages, file, run });
  const path = join(run, REVIEW_FILE);
  await saveReview(path, decisions);
  const { accepted, rejected } = decisionsOf(await loadReview(path));
  print(`${accepted.size} accepted and ${rejected.size} rejected in all.`);
  const ineffective = [...decisionsOf(decisions).accepted].filter((id) => !ACCEPTABLE.has(stages.get(id)!));
  if (ineffective.length > 0) {
    note(
      `Accepting has no effect on ${few(ineffective.map((id) => `${id} (${stages.get(id)})`))}. Only another recipe can bring back a photo that a gate or the selection dropped.`,
    );
  }
  note(afterReview(run, manifest));
}

/**
 * Stages at which accepting a photo has an effect: 'kept' (rows of the dataset or of a shard), and 'review' (photos
 * that a reviewer rejected).
 */
const ACCEPTABLE: ReadonlySet<string> = new Set(['kept', 'review']);

function assertKnown(
  decisions: readonly Decision[],
  { stages, file, run }: { stages: ReadonlyMap<string, string>; file: string; run: string },
): void {
  const unknown = [...new Set(decisions.map(({ id }) => id))].filter((id) => !stages.has(id));
  if (unknown.length === 0) return;
  throw invalidInput(
    `${file} decides on photos that ${run} does not contain: ${few(unknown)}. Nothing was saved.`,
    'Name the run whose page you saved the decisions from.',
  );
}

/** Lists the first three names, and states how many more there are. */
function few(names: readonly string[]): string {
  const more = names.length - 3;
  return `${names.slice(0, 3).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** Tells the user which command applies the decisions to the dataset. The command depends on the kind of run. */
function afterReview(run: string, { shards, options: { shard } }: RunManifest): string {
  if (shards !== undefined) {
    return `Merge again: globe curate merge ${shards.join(' ')} --out ${run}. This rebuilds the dataset without the rejected rows and sends no requests.`;
  }
  if (shard.count > 1) {
    return `This is shard ${shard.index}/${shard.count}: globe curate merge includes its decisions. If the shards are already merged, merge them again.`;
  }
  return 'Run the `globe curate` command of this run again: it rebuilds the dataset without the rejected rows, and asks only about near-duplicates of them.';
}

type ExportCommandOptions = {
  out: string;
  format: ExportFormat;
  split: string;
  images?: string;
  keepFormulas?: true;
  withoutVisual?: true;
};

async function exportRows(path: string, options: ExportCommandOptions): Promise<void> {
  using interrupt = interruptSignal();
  const { rows, split, images, withoutElements } = await exportDataset(path, { ...options, signal: interrupt.signal });
  note(`${rows} rows${split === 'all' ? '' : ` of the split ${split}`} in ${options.out}.`);
  if (images !== undefined) note(`The images are in ${images}. The rows name them by their absolute paths.`);
  if (withoutElements > 0 && FOR_GRPO.has(options.format)) {
    note(
      `${withoutElements} rows have no elements. The reward "visual" compares their completions with the entities of the row's own reasoning instead, if it has any. For elements, curate with a segmentation.`,
    );
  }
}

const FOR_GRPO: ReadonlySet<ExportFormat> = new Set(['trl-grpo', 'ms-swift', 'verl']);

async function publish(path: string, options: { out: string; allowUnlicensed?: true }): Promise<void> {
  using interrupt = interruptSignal();
  const { rows, unlicensed, files } = await publishDataset(path, { ...options, signal: interrupt.signal });
  note(`${rows} rows in ${files.length} files in ${options.out}.`);
  if (unlicensed > 0) note(`${unlicensed} rows state no licence. Make sure that you have the rights to these photos.`);
  note(`To upload them: hf upload --repo-type dataset NAME ${options.out}`);
}
