/**
 * Defines `globe curate`, which builds a reasoning dataset from photos with known places, and `globe curate merge`,
 * which merges runs of shards.
 */
import { basename, dirname, join } from 'node:path';
import { Command, Option } from 'commander';
import { defined } from '../../core/defined.ts';
import { GlobeError, invalidInput } from '../../core/errors.ts';
import { checkBudget, estimateCost } from '../../curation/run/cost.ts';
import { curate } from '../../curation/run/curate.ts';
import { checkShards, mergeShards } from '../../curation/run/merge.ts';
import type { Assembled } from '../../curation/dataset/assemble.ts';
import type { Oracle } from '../../curation/judge/oracle.ts';
import { readPhotos, surveyPhotos } from '../../curation/observe/read-photos.ts';
import { writePhotoTable } from '../../curation/observe/photo-table.ts';
import { readManifest } from '../../curation/dataset/run-manifest.ts';
import { readResults, RESULTS_FILE } from '../../curation/judge/result.ts';
import { previewThresholds } from '../../curation/run/preview.ts';
import { projectRun } from '../../curation/run/project-run.ts';
import { imageSizes } from '../../image/image-sizes.ts';
import { readRecipe } from '../../curation/recipe/read-recipe.ts';
import { MODES } from '../../curation/recipe/recipe.ts';
import type { Mode } from '../../curation/recipe/recipe.ts';
import { openMiniatureOracle } from '../../miniature/adapters/world-oracle.ts';
import { inShard, parseShard, WHOLE } from '../../curation/run/shard.ts';
import type { Shard } from '../../curation/run/shard.ts';
import { openGazetteer } from '../../gazetteer/open.ts';
import { openGrounder } from '../../grounding/entity-grounder.ts';
import { packageFile, shippedPath } from '../../storage/package-files.ts';
import { costText, estimateNote, funnelText, previewText, projectionText, qualityText } from '../curate/funnel-text.ts';
import { openInstruments } from '../curate/open-instruments.ts';
import { collect, positiveInteger } from '../option-values.ts';
import { interruptSignal, note, print, printJson } from '../output.ts';
import { progressLine } from '../progress.ts';

/** The recipe is part of the package, so that the command finds it in any working folder. */
const DEFAULT_RECIPE = packageFile('recipes/curate-full.yaml');

type Options = {
  recipe?: string;
  input?: string;
  out?: string;
  mode?: Mode;
  annotator?: string[];
  gps?: string;
  segmentation?: string;
  shard?: string;
  acceptPending?: true;
  limit?: number;
  estimate?: true;
  yes?: true;
  allowDownload?: true;
  quiet?: true;
  json?: true;
};

/** Number of images whose size is read for the cost estimate. */
const MEASURED_IMAGES = 100;

type PreviewOptions = { input?: string; recipe?: string; limit: number; json?: true };

type MergeOptions = { out: string; input?: string; json?: true };

export function command(): Command {
  return (
    new Command('curate')
      .description(
        'Build a verified reasoning dataset from photos with known places. The same command resumes an interrupted run.',
      )
      .option('--recipe <file>', 'annotators, gates and thresholds (YAML; default: recipes/curate-full.yaml)')
      .option('--input <folder|file>', 'photo table (CSV with IMG_ID, LAT, LON), or the folder that holds it')
      .option('--out <folder>', 'folder of the run, e.g. runs/NAME')
      .addOption(new Option('--mode <mode>', "curation mode, instead of the recipe's").choices(MODES))
      .option('--annotator <model>', "annotator, instead of the recipe's; repeatable", collect)
      .option('--gps <model>', "GPS annotator, instead of the recipe's; none turns it off")
      .option(
        '--segmentation <model>',
        "segmentation model, instead of the recipe's; none turns the grounding gate off",
      )
      .option('--shard <i/n>', 'judge only this share of the photos, e.g. 2/4; merge the shards afterwards')
      .option('--accept-pending', 'build the dataset without photos that could not be judged')
      .option(
        '--limit <n>',
        'pilot: curate a random sample of this many photos and project the whole run from it',
        positiveInteger,
      )
      .option('--estimate', 'print the expected cost and stop')
      .option('--yes', 'allow photos to be sent to a host for the first time')
      .option('--allow-download', 'download missing model files')
      .option('--quiet', 'do not print progress')
      .option('--json', 'print the report as JSON')
      .action(run)
      .addCommand(mergeCommand())
      .addCommand(previewCommand())
      .addCommand(tableCommand())
      // Options after "merge" belong to `merge`, because `curate` has options with the same names.
      .enablePositionalOptions()
  );
}

function mergeCommand(): Command {
  return new Command('merge')
    .description('Merge the runs of all shards into one dataset. Shards must not overlap or leave gaps.')
    .argument('<runs...>', 'run folders of all shards')
    .requiredOption('--out <folder>', 'folder of the merged run, e.g. runs/NAME')
    .option('--input <folder|file>', 'photo table or folder, if it has moved since the shards ran')
    .option('--json', 'print the report as JSON')
    .action(merge);
}

async function run({ input, out, ...options }: Options): Promise<void> {
  using interrupt = interruptSignal();
  // This check replaces commander's required options. Commander would require --input and --out of `curate` for `merge`
  // too.
  if (input === undefined) throw invalidInput('Missing --input.', 'Give --input FOLDER or --input TABLE.csv.');
  if (out === undefined) throw invalidInput('Missing --out.', 'Give --out runs/NAME.');
  const recipe = await readRecipe(options.recipe === undefined ? DEFAULT_RECIPE : shippedPath(options.recipe), {
    annotators: options.annotator ?? [],
    ...defined({ mode: options.mode }),
    ...(options.gps !== undefined && { gps: orNone(options.gps) }),
    ...(options.segmentation !== undefined && { segmentation: orNone(options.segmentation) }),
  });
  const shard = options.shard === undefined ? WHOLE : parseShard(options.shard);
  const only = (id: string): boolean => inShard(id, shard);
  const { limit } = options;
  const sampling = { only, seed: recipe.seed, sampleSize: limit ?? MEASURED_IMAGES };
  const isWhole = options.estimate !== true && limit === undefined;
  const survey = isWhole ? undefined : await surveyPhotos(input, sampling);
  const photos = survey?.sample ?? (await readPhotos(input, { only }));
  const all = survey?.count ?? photos.length;
  if (all === 0) throw invalidInput(`The shard ${options.shard} of ${input} has no photos.`, 'Use fewer shards.');
  const measured = options.estimate === true ? photos : photos.slice(0, MEASURED_IMAGES);
  const sizes = await imageSizes(measured.map(({ path }) => path));
  if (options.estimate === true) {
    const estimate = estimateCost(recipe, all, { sizes });
    if (options.json === true) printJson({ photos: all, measuredImages: sizes.length, estimate });
    else print(`${all} photos.\n${costText(estimate)}`);
    note(estimateNote({ sizes, measured: measured.length }));
    return;
  }
  const count = photos.length;
  const estimate = estimateCost(recipe, count, { sizes });
  checkBudget(recipe, estimate);
  if (options.quiet !== true) note(`Estimate for ${count} photos${shardText(shard)}:\n${costText(estimate)}`);

  const gazetteer = openGazetteer();
  const grounder = await openGrounder(defined({ parts: recipe.gates.grounding?.parts }));
  const instruments = await openInstruments(recipe, {
    input,
    gazetteer,
    grounder,
    yes: options.yes === true,
    allowDownload: options.allowDownload === true,
    quiet: options.quiet === true,
  });
  const oracle = await openMiniatureOracle(input);
  const progress = progressLine(count, { label: 'photos' });
  let judged = 0;
  const startedAt = performance.now();
  const curated = await curate({
    recipe,
    gazetteer,
    grounder,
    instruments,
    photos,
    shard,
    input,
    ...defined({ pilot: limit }),
    ...rootAndName(out),
    ...oracleOption(oracle),
    acceptPending: options.acceptPending === true,
    signal: interrupt.signal,
    onNotice: note,
    ...(options.quiet !== true && {
      onProgress: (outcome) => {
        if (outcome === 'judged') progress.update(++judged);
      },
    }),
  });
  if (options.quiet !== true) progress.end();
  const projection =
    limit === undefined
      ? undefined
      : projectRun({
          funnel: curated.assembled!.funnel,
          costs: curated.costs,
          photos: all,
          ...(!curated.resumed && { seconds: (performance.now() - startedAt) / 1000 }),
        });
  if (options.json === true) {
    printJson({ ...curated, ...defined({ projection }) });
    return assertRows(curated.assembled);
  }
  const { assembled, folder, kind, photos: done, pending } = curated;
  if (kind === 'shard') {
    return print(
      `${done - pending.length} photos${shardText(shard)} judged. Merge the shards: globe curate merge ${folder} … --out runs/NAME`,
    );
  }
  print(
    [
      funnelText(assembled!.funnel),
      ...(assembled!.quality === undefined ? [] : [qualityText(assembled!.quality)]),
    ].join('\n\n'),
  );
  note(`Cost:\n${costText(curated.costs)}\nThe dataset is in ${folder}/dataset.`);
  if (projection !== undefined) print(`\n${projectionText(projection)}`);
  assertRows(assembled);
}

/**
 * Throws if the dataset has no rows, so that a script notices. Call it only after the dataset and its funnel are
 * written.
 */
function assertRows(assembled: Assembled | undefined): void {
  if (assembled === undefined || assembled.funnel.train + assembled.funnel.test > 0) return;
  throw new GlobeError({
    code: 'service',
    message: 'The dataset is empty: no photo passed every gate.',
    hint: 'Add --json to print how many photos each stage dropped, and why.',
  });
}

async function merge(shards: readonly string[], options: MergeOptions): Promise<void> {
  using interrupt = interruptSignal();
  const { input: recorded } = await checkShards(shards);
  const input = options.input ?? recorded;
  const { folder, assembled } = await mergeShards({
    shards,
    input,
    ...rootAndName(options.out),
    ...oracleOption(await openMiniatureOracle(input)),
    gazetteer: openGazetteer(),
    grounder: await openGrounder(),
    signal: interrupt.signal,
  });
  if (options.json === true) {
    printJson({ folder, ...assembled });
    return assertRows(assembled);
  }
  print(
    [funnelText(assembled.funnel), ...(assembled.quality === undefined ? [] : [qualityText(assembled.quality)])].join(
      '\n\n',
    ),
  );
  note(`The dataset is in ${folder}/dataset.`);
  assertRows(assembled);
}

function previewCommand(): Command {
  return new Command('preview')
    .description(
      'Show how many photos other thresholds would keep. Uses the recorded answers of a run; sends no request.',
    )
    .argument('<run>', 'folder of a curation run')
    .option('--recipe <file>', "recipe with other thresholds, instead of the run's own")
    .option('--input <folder|file>', 'photo table or folder, if it has moved since the run')
    .option('--limit <n>', 'maximum number of photos', positiveInteger, 2000)
    .option('--json', 'print the table as JSON')
    .action(preview);
}

async function preview(run: string, options: PreviewOptions): Promise<void> {
  using interrupt = interruptSignal();
  const manifest = await readManifest(run);
  const recipe = options.recipe === undefined ? manifest.recipe : await readRecipe(shippedPath(options.recipe));
  const ids = new Set<string>();
  for await (const { id } of readResults(join(run, RESULTS_FILE))) {
    ids.add(id);
    if (ids.size === options.limit) break;
  }
  const photos = await readPhotos(options.input ?? manifest.input, { only: (id) => ids.has(id) });
  const found = await previewThresholds({
    run,
    recipe,
    photos: new Map(photos.map((photo) => [photo.id, photo])),
    gazetteer: openGazetteer(),
    grounder: await openGrounder(),
    limit: options.limit,
    signal: interrupt.signal,
  });
  if (options.json === true) return printJson(found);
  print(previewText(found));
  note(
    `Edit the recipe and run the same \`globe curate\` command again to apply thresholds: the recorded answers are used, and only photos in the column "not asked" cause requests.`,
  );
}

function tableCommand(): Command {
  return new Command('table')
    .description('Write the table of your own photos: their positions from EXIF, XMP and sidecar files.')
    .argument('<photos...>', 'photos, or folders of photos')
    .requiredOption('--out <file.csv>', 'table to write, in the folder of the photos or above it')
    .option('--owner <name>', 'owner of the photos that state none')
    .option('--licence <licence>', 'licence of the photos that state none, e.g. "CC BY 4.0"')
    .option('--quiet', 'do not print progress')
    .action(table);
}

type TableOptions = { out: string; owner?: string; licence?: string; quiet?: true };

async function table(photos: string[], { quiet, ...options }: TableOptions): Promise<void> {
  using interrupt = interruptSignal();
  let progress: ReturnType<typeof progressLine> | undefined;
  const { photos: count, left } = await writePhotoTable(photos, {
    ...options,
    signal: interrupt.signal,
    ...(quiet !== true && {
      onProgress: (done, total) => (progress ??= progressLine(total, { label: 'photos' })).update(done),
    }),
  });
  progress?.end();
  note(`${count} photos in ${options.out}.`);
  if (left.length === 0) return;
  note(`${left.length} photos have no row:`);
  for (const { path, reason } of left.slice(0, LISTED_PHOTOS)) note(`  ${path}: ${reason}`);
  if (left.length > LISTED_PHOTOS) note(`  and ${left.length - LISTED_PHOTOS} more.`);
}

/** Maximum number of photos to list that got no row in the table. */
const LISTED_PHOTOS = 10;

const orNone = (model: string): string | null => (model === 'none' ? null : model);

/** Splits "runs/NAME" into the folder of runs and the run's name. */
function rootAndName(out: string): { root: string; name: string } {
  return { root: dirname(out), name: basename(out) };
}

const oracleOption = (oracle: Oracle | undefined): { oracle?: Oracle } => (oracle === undefined ? {} : { oracle });

const shardText = ({ index, count }: Shard): string => (count === 1 ? '' : ` of shard ${index}/${count}`);
