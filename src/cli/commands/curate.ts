/** `globe curate`: photos with places to a verified reasoning dataset; `globe curate merge`: shards to one dataset. */
import { basename, dirname } from 'node:path';
import { Command, Option } from 'commander';
import { defined } from '../../core/defined.ts';
import { invalidInput } from '../../core/errors.ts';
import { checkBudget, estimateCost } from '../../curation/run/cost.ts';
import { curate } from '../../curation/run/curate.ts';
import { checkShards, mergeShards } from '../../curation/run/merge.ts';
import type { Oracle } from '../../curation/judge/oracle.ts';
import { readPhotos } from '../../curation/observe/read-photos.ts';
import { readRecipe } from '../../curation/recipe/read-recipe.ts';
import { MODES } from '../../curation/recipe/recipe.ts';
import type { Mode } from '../../curation/recipe/recipe.ts';
import { openMiniatureOracle } from '../../miniature/adapters/world-oracle.ts';
import { inShard, parseShard, WHOLE } from '../../curation/run/shard.ts';
import type { Shard } from '../../curation/run/shard.ts';
import { openGazetteer } from '../../gazetteer/open.ts';
import { openGrounder } from '../../grounding/entity-grounder.ts';
import { packageFile, shippedPath } from '../../storage/package-files.ts';
import { costText, funnelText, qualityText } from '../curate/funnel-text.ts';
import { openInstruments } from '../curate/open-instruments.ts';
import { collect } from '../option-values.ts';
import { interruptSignal, note, print, printJson } from '../output.ts';
import { progressLine } from '../progress.ts';

/** Beside the program, wherever it is called from. */
const DEFAULT_RECIPE = packageFile('recipes/curate-full.yaml');

type Options = {
  recipe?: string;
  input?: string;
  out?: string;
  mode?: Mode;
  annotator: string[];
  gps?: string;
  segmentation?: string;
  shard?: string;
  acceptPending?: true;
  estimate?: true;
  allowDownload?: true;
  quiet?: true;
  json?: true;
};

type MergeOptions = { out: string; input?: string; json?: true };

export function command(): Command {
  return (
    new Command('curate')
      .description(
        'Build a verified reasoning dataset from photos with places. Stop it at any moment; the same command continues.',
      )
      .option('--recipe <file>', 'annotators, gates and thresholds (YAML; default: recipes/curate-full.yaml)')
      .option('--input <folder|file>', 'the table of photos (CSV with IMG_ID, LAT, LON), or the folder that holds it')
      .option('--out <folder>', 'the folder of the run, runs/NAME')
      .addOption(new Option('--mode <mode>', "wins over the recipe's").choices(MODES))
      .option('--annotator <model>', "replaces the recipe's annotators; repeat it for several", collect, [])
      .option('--gps <model>', "replaces the recipe's GPS annotator; none for none")
      .option('--segmentation <model>', "replaces the recipe's; none switches the grounding gate off")
      .option('--shard <i/n>', 'judge this share of the photos only; merge the shards afterwards')
      .option('--accept-pending', 'make the dataset without the photos that could not be judged')
      .option('--estimate', 'say what it would cost, and stop')
      .option('--allow-download', 'let models in this process fetch missing files')
      .option('--quiet', 'no progress on stderr')
      .option('--json', 'print the report as JSON')
      .action(run)
      .addCommand(mergeCommand())
      // Options after "merge" are merge's own, though they have the same names.
      .enablePositionalOptions()
  );
}

function mergeCommand(): Command {
  return new Command('merge')
    .description('Merge the runs of all shards into one dataset, with no gap and no overlap.')
    .argument('<runs...>', 'the run folders of all shards')
    .requiredOption('--out <folder>', 'the folder of the merged run, runs/NAME')
    .option('--input <folder|file>', 'where the photos are now, if not where the shards found them')
    .option('--json', 'print the report as JSON')
    .action(merge);
}

async function run({ input, out, ...options }: Options): Promise<void> {
  using interrupt = interruptSignal();
  // Not required of the parser, which would require them of merge as well.
  if (input === undefined) throw invalidInput('No photos are named.', 'Give --input FOLDER or --input TABLE.csv.');
  if (out === undefined) throw invalidInput('No run is named.', 'Give --out runs/NAME.');
  const recipe = await readRecipe(options.recipe === undefined ? DEFAULT_RECIPE : shippedPath(options.recipe), {
    annotators: options.annotator,
    ...defined({ mode: options.mode }),
    ...(options.gps !== undefined && { gps: orNone(options.gps) }),
    ...(options.segmentation !== undefined && { segmentation: orNone(options.segmentation) }),
  });
  const photos = await readPhotos(input);
  const shard = options.shard === undefined ? WHOLE : parseShard(options.shard);
  const count = photos.filter(({ id }) => inShard(id, shard)).length;
  const estimate = estimateCost(recipe, count);
  if (options.estimate === true) {
    if (options.json === true) printJson({ photos: count, estimate });
    else print(`${count} photos.\n${costText(estimate)}`);
    return;
  }
  checkBudget(recipe, estimate);
  if (options.quiet !== true) note(`Estimate for ${count} photos${shardText(shard)}:\n${costText(estimate)}`);

  const gazetteer = openGazetteer();
  const grounder = await openGrounder();
  const instruments = await openInstruments(recipe, {
    input,
    gazetteer,
    grounder,
    allowDownload: options.allowDownload === true,
    quiet: options.quiet === true,
  });
  const oracle = await openMiniatureOracle(input);
  const progress = progressLine(count, { label: 'photos' });
  let judged = 0;
  const curated = await curate({
    recipe,
    gazetteer,
    grounder,
    instruments,
    photos,
    shard,
    input,
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
  if (options.json === true) return printJson(curated);
  const { assembled, folder, kind, photos: done, pending } = curated;
  if (kind === 'shard') {
    return print(
      `${done - pending.length} photos judged${shardText(shard)}. Merge with: globe curate merge ${folder} … --out runs/NAME`,
    );
  }
  print(
    [
      funnelText(assembled!.funnel),
      ...(assembled!.quality === undefined ? [] : [qualityText(assembled!.quality)]),
    ].join('\n\n'),
  );
  note(`Cost:\n${costText(curated.costs)}\nThe dataset is in ${folder}/dataset.`);
}

async function merge(shards: readonly string[], options: MergeOptions): Promise<void> {
  using interrupt = interruptSignal();
  const { input: recorded } = await checkShards(shards);
  const input = options.input ?? recorded;
  const photos = await readPhotos(input);
  const { folder, assembled } = await mergeShards({
    shards,
    photos,
    input,
    ...rootAndName(options.out),
    ...oracleOption(await openMiniatureOracle(input)),
    gazetteer: openGazetteer(),
    grounder: await openGrounder(),
    signal: interrupt.signal,
  });
  if (options.json === true) return printJson({ folder, ...assembled });
  print(
    [funnelText(assembled.funnel), ...(assembled.quality === undefined ? [] : [qualityText(assembled.quality)])].join(
      '\n\n',
    ),
  );
  note(`The dataset is in ${folder}/dataset.`);
}

const orNone = (model: string): string | null => (model === 'none' ? null : model);

/** "runs/NAME" to the folder of runs and the run's name. */
function rootAndName(out: string): { root: string; name: string } {
  return { root: dirname(out), name: basename(out) };
}

const oracleOption = (oracle: Oracle | undefined): { oracle?: Oracle } => (oracle === undefined ? {} : { oracle });

const shardText = ({ index, count }: Shard): string => (count === 1 ? '' : ` of shard ${index}/${count}`);
