/** `globe evaluate`: a model over a benchmark, resumable, then scored. */
import { Command, Option } from 'commander';
import { defined } from '../../core/defined.ts';
import { invalidInput } from '../../core/errors.ts';
import { readBenchmark } from '../../evaluation/benchmark-images.ts';
import { BENCHMARKS, findBenchmark } from '../../evaluation/benchmarks.ts';
import { benchmarkNotes, chooseImages } from '../../evaluation/choose-images.ts';
import { ROLES } from '../../evaluation/columns.ts';
import { parseColumnOptions } from '../../storage/named-columns.ts';
import { evaluate, RUN_FILES } from '../../evaluation/evaluate.ts';
import type { Evaluated } from '../../evaluation/evaluate.ts';
import { usageOf } from '../../evaluation/prediction-record.ts';
import { reportOf } from '../../evaluation/report/report.ts';
import { table2Rows } from '../../evaluation/report/table2.ts';
import { terminalReport } from '../../evaluation/report/terminal.ts';
import { REPORT_FILES, writeReport } from '../../evaluation/report/write-report.ts';
import { MISSING_POLICIES, scoreFile } from '../../evaluation/score-file.ts';
import type { MissingPolicy } from '../../evaluation/score-file.ts';
import type { OfflineGazetteer, Provenance } from '../../gazetteer/gazetteer.ts';
import { openGazetteer } from '../../gazetteer/open.ts';
import { MAX_PIXELS } from '../../image/limits.ts';
import { prepareImage } from '../../image/prepare-image.ts';
import { generativeLocator, SAMPLING_TEMPERATURE } from '../../locator/generative-locator.ts';
import type { Locator } from '../../locator/locator.ts';
import { LOCATE_PROMPT_VERSION, locatePrompt, PROMPT_FORMS, type PromptForm } from '../../prompts/locate-prompt.ts';
import { openRun, RUNS_FOLDER } from '../../storage/run-folder.ts';
import { DEFAULT_CONCURRENCY } from '../../vision/openai-compatible/openai-compatible-model.ts';
import { type GeocoderOptions, openGeocoder, withGeocoderOptions } from '../geocode/open-geocoder.ts';
import { openModel } from '../open-model.ts';
import { openPositionModel } from '../open-position-model.ts';
import { collect, integer, number, positiveInteger } from '../option-values.ts';
import { interruptSignal, note, print, printJson } from '../output.ts';
import { progressLine } from '../progress.ts';

type Options = GeocoderOptions & {
  benchmark: string;
  truth?: string;
  images: string;
  column?: string[];
  model?: string;
  baseUrl?: string;
  modelId?: string;
  samples: number;
  prompt?: PromptForm;
  temperature?: number;
  maxPixels: number;
  seed: number;
  missing?: MissingPolicy;
  concurrency: number;
  run: string;
  runs: string;
  reasoning: boolean;
  allowDownload?: true;
  quiet?: true;
  json?: true;
};

export function command(): Command {
  const evaluate = new Command('evaluate')
    .description('Run a model over a benchmark, then score it. Stop it at any moment; the same command continues.')
    .requiredOption(
      '--benchmark <name|file>',
      `${BENCHMARKS.map(({ name }) => name).join(', ')}, or a CSV of image ids with positions`,
    )
    .option('--truth <file>', "the named benchmark's truth file (CSV)")
    .requiredOption('--images <folder>', 'where its images are')
    .requiredOption('--run <name>', 'the folder of results, runs/NAME')
    .option(
      '--model <model>',
      'BASE_URL#NAME, transformers:REPO, scripted:FILE, a preset or a name of globe.config.json',
    )
    .option('--base-url <url>', 'the server of a preset or configured model')
    .option('--model-id <id>', 'what that server calls the model')
    .option('--samples <n>', 'answers per photo, which vote by place', positiveInteger, 1)
    .option(
      '--temperature <t>',
      "0 is greedy (default: the model's own, else 0 for one sample and 0.6 for several)",
      number,
    )
    .option('--max-pixels <n>', 'pixels of the image that the model sees', positiveInteger, MAX_PIXELS)
    .option('--seed <n>', 'of the run; each image draws its own from it', integer, 0)
    .addOption(
      new Option('--missing <policy>', 'images that are not in the folder; without it they are an error').choices(
        MISSING_POLICIES,
      ),
    )
    .option('--column <role=header>', 'read a role of the truth from a column', collect)
    .addOption(
      new Option('--prompt <form>', "of the question (default: the model's own, else full)").choices(PROMPT_FORMS),
    )
    .option('--no-reasoning', 'ask for the two lines of the answer alone (no CoT, in the words of the paper)');
  return withGeocoderOptions(evaluate)
    .option('--concurrency <n>', 'images at a time', positiveInteger, DEFAULT_CONCURRENCY)
    .option('--runs <folder>', 'where the folders of runs are', RUNS_FOLDER)
    .option('--allow-download', 'let transformers:REPO fetch missing model files')
    .option('--quiet', 'no progress on stderr')
    .option('--json', 'print the report as JSON')
    .action(run);
}

async function run(options: Options): Promise<void> {
  using interrupt = interruptSignal();
  const { images: folder, missing, maxPixels, seed } = options;
  const benchmark = await readBenchmark({
    name: options.benchmark,
    truthFile: truthFileOf(options),
    folder,
    columns: parseColumnOptions(options.column ?? [], ROLES),
  });
  const images = chooseImages(benchmark, { folder, missing });
  const gazetteer = openGazetteer();
  const { locator, settings, words, geocoder } = await openLocator(options, gazetteer);
  await using run = await openRun({
    root: options.runs,
    name: options.run,
    options: {
      command: 'evaluate',
      benchmark: benchmark.name,
      images: images.length,
      missing: missing ?? null,
      ...settings,
    },
  });
  const progress = options.quiet === true ? undefined : progressLine(images.length, { label: 'images' });
  const evaluated = await evaluate({
    images,
    locator,
    prepare: (path, { signal }) => prepareImage(path, { maxPixels, signal }),
    run,
    concurrency: options.concurrency,
    seed,
    signal: interrupt.signal,
    onProgress: ({ done, failed }) => progress?.update(done, failed === 0 ? undefined : `${failed} failed`),
  }).finally(() => {
    progress?.end();
    if (interrupt.signal.aborted) note('Stopped. Nothing is lost: the same command continues.');
  });
  sayWhatWasKept(evaluated);

  const scored = await scoreFile({ file: run.file(RUN_FILES.predictions), from: 'coordinates', gazetteer });
  const notes = benchmarkNotes(benchmark, { chosen: images.length, missing });
  const report = reportOf(scored, { geocoder, making: { from: words, geocoder, notes } });
  const measured = { name: `${locator.name} (${options.run})`, summary: report, protocol: words };
  const rows = table2Rows([measured], benchmark.benchmark?.name);
  const title = `${locator.name} on ${benchmark.benchmark?.title ?? benchmark.name}`;
  await writeReport((name) => run.file(name), { title, report, rows, outcomes: scored.outcomes });
  const files = [...Object.values(RUN_FILES), ...Object.values(REPORT_FILES)];
  await run.complete({ n: report.n, failed: evaluated.failed, usage: usageOf(evaluated.records), files });
  if (options.json === true) printJson(report);
  else print(terminalReport(report, rows));
  note(`Written to ${run.path}: ${[RUN_FILES.predictions, ...Object.values(REPORT_FILES)].join(', ')}.`);
}

type OpenLocator = {
  readonly locator: Locator;
  readonly geocoder: Provenance;
  /** What decides the answers; a run continues only with the same. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** The same in words, for the protocol. */
  readonly words: string;
};

async function openLocator(options: Options, gazetteer: OfflineGazetteer): Promise<OpenLocator> {
  const { samples, maxPixels, seed, reasoning } = options;
  const seen = `images of at most ${maxPixels.toLocaleString('en-US')} pixels`;
  const positions = await openPositionModel({ ...options, gazetteer, asking: askedOf(options) });
  if (positions !== undefined) {
    const { name: model, kind } = positions;
    return {
      locator: positions,
      geocoder: gazetteer.provenance,
      settings: { model, kind, maxPixels },
      words: `${model} (${kind}), the most probable position of each image, ${seen}`,
    };
  }
  const { model, defaults } = await openModel(options);
  const geocoder = await openGeocoder(gazetteer, options);
  const form = options.prompt ?? model.promptForm ?? 'full';
  const temperature = options.temperature ?? defaults.temperature ?? (samples === 1 ? 0 : SAMPLING_TEMPERATURE);
  const locator = generativeLocator({
    model,
    gazetteer,
    geocoder,
    prompt: locatePrompt({ reasoning, form }),
    samples,
    temperature,
    ...defined({ maxTokens: defaults.maxTokens, system: defaults.system }),
  });
  const prompt = `${LOCATE_PROMPT_VERSION}${form === 'short' ? ', short' : ''}${reasoning ? '' : ', without reasoning'}`;
  const answers = samples === 1 ? 'one answer' : `vote of ${samples} answers`;
  return {
    locator,
    geocoder: geocoder.provenance,
    settings: { model: locator.name, prompt, samples, temperature, maxPixels, seed, geocoder: geocoder.provenance },
    words: `${locator.name}, prompt ${prompt}, ${answers} an image at temperature ${temperature}, ${seen}`,
  };
}

/** What the user asks for that a model without words cannot give. */
function askedOf({ samples, temperature, reasoning }: Options): string[] {
  return [
    ...(samples === 1 ? [] : [`--samples ${samples}`]),
    ...(temperature === undefined ? [] : [`--temperature ${temperature}`]),
    ...(reasoning ? [] : ['--no-reasoning']),
  ];
}

function truthFileOf({ benchmark, truth }: Options): string {
  if (truth !== undefined) return truth;
  if (findBenchmark(benchmark) === undefined) return benchmark;
  throw invalidInput(
    `The truth of ${benchmark} is not part of this program.`,
    'Download it, and give its CSV file with --truth FILE.',
  );
}

function sayWhatWasKept({ kept, failed, tornBytes }: Evaluated): void {
  if (tornBytes > 0)
    note(`A record that an interrupted run had half written (${tornBytes} bytes) was dropped and made again.`);
  if (kept > 0) note(`${kept} images had been finished before.`);
  if (failed > 0) note(`${failed} images failed; the same command tries them again.`);
}
