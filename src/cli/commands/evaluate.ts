/** `globe evaluate`: runs a model on a benchmark and scores its answers. An interrupted run can be resumed. */
import { Command, Option } from 'commander';
import { defined } from '../../core/defined.ts';
import { GlobeError, invalidInput } from '../../core/errors.ts';
import { readBenchmark } from '../../evaluation/benchmark-images.ts';
import { BENCHMARKS, findBenchmark } from '../../evaluation/benchmarks.ts';
import { benchmarkNotes, chooseImages } from '../../evaluation/choose-images.ts';
import { ROLES } from '../../evaluation/columns.ts';
import { parseColumnOptions } from '../../storage/named-columns.ts';
import { evaluate, isRetryable, RUN_FILES } from '../../evaluation/evaluate.ts';
import type { Evaluated } from '../../evaluation/evaluate.ts';
import { usageOf } from '../../evaluation/prediction-record.ts';
import { reportOf } from '../../evaluation/report/report.ts';
import { differ, measuredRun, STATED_POSITION_MARK, table2Rows } from '../../evaluation/report/table2.ts';
import type { MeasuredRun } from '../../evaluation/report/table2.ts';
import { PREFERENCES, PREFERENCE_WORDS } from '../../locator/preferred-position.ts';
import type { Preference } from '../../locator/preferred-position.ts';
import { terminalReport } from '../../evaluation/report/terminal.ts';
import { REPORT_FILES, writeReport } from '../../evaluation/report/write-report.ts';
import { MISSING_POLICIES, scoreFile } from '../../evaluation/score-file.ts';
import type { MissingPolicy, ScoredFile } from '../../evaluation/score-file.ts';
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
import { openCalibrated } from '../locate/open-calibrated.ts';
import type { CalibratedFacts } from '../locate/open-calibrated.ts';
import { MODEL_FORMS, openAnyModel, refuseTextOptions } from '../open-model.ts';
import { collect, integer, number, positiveInteger, share } from '../option-values.ts';
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
  prefer: Preference;
  calibration?: string;
  confidence?: number;
  concurrency: number;
  patience: number;
  run: string;
  runs: string;
  reasoning: boolean;
  yes?: true;
  allowDownload?: true;
  quiet?: true;
  json?: true;
};

export function command(): Command {
  const evaluate = new Command('evaluate')
    .description('Run a model on a benchmark and score it. The same command resumes an interrupted run.')
    .requiredOption(
      '--benchmark <name|file>',
      `${BENCHMARKS.map(({ name }) => name).join(', ')}, or a CSV of image ids with positions`,
    )
    .option('--truth <file>', 'truth file (CSV) of a named benchmark')
    .requiredOption('--images <folder>', "folder of the benchmark's images")
    .requiredOption('--run <name>', 'name of the run; results go to runs/NAME')
    .option('--model <model>', MODEL_FORMS)
    .option('--base-url <url>', 'server of a preset or configured model')
    .option('--model-id <id>', "the server's name for the model")
    .option('--samples <n>', 'answers per photo; the place with most votes wins', positiveInteger, 1)
    .option(
      '--temperature <t>',
      "sampling temperature; 0 is greedy (default: the model's own, else 0 for one sample and 0.6 for several)",
      number,
    )
    .option('--max-pixels <n>', 'maximum pixels per image; larger ones are scaled down', positiveInteger, MAX_PIXELS)
    .option('--seed <n>', 'seed of the run, from which each image derives its own', integer, 0)
    .addOption(
      new Option(
        '--missing <policy>',
        'how to score images that are not in the folder (default: stop with an error)',
      ).choices(MISSING_POLICIES),
    )
    .option('--column <role=header>', 'map a role of the truth to a column; repeatable', collect)
    .addOption(
      new Option('--prompt <form>', "form of the prompt (default: the model's own, else full)").choices(PROMPT_FORMS),
    )
    .option('--no-reasoning', 'ask only for the two answer lines (the paper calls this "no CoT")');
  evaluate.addOption(
    new Option('--prefer <position>', 'position of an answer that names a place and states a position')
      .choices(PREFERENCES)
      .default('place'),
  );
  evaluate
    .option('--calibration <file>', 'calibration of this model from globe calibrate: states probabilities')
    .option(
      '--confidence <share>',
      'with --calibration: answer at the finest level that is right with this probability, else decline',
      share,
    );
  return withGeocoderOptions(evaluate)
    .option('--concurrency <n>', 'maximum number of images at once', positiveInteger, DEFAULT_CONCURRENCY)
    .option('--patience <minutes>', 'how long to wait for a service that is down', number, 30)
    .option('--runs <folder>', 'folder of runs', RUNS_FOLDER)
    .option('--yes', 'allow images to be sent to a host for the first time')
    .option('--allow-download', 'download missing model files (transformers:REPO)')
    .option('--quiet', 'do not print progress')
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
    patienceMs: options.patience * 60_000,
    onNotice: note,
    onProgress: ({ done, failed }) => progress?.update(done, failed === 0 ? undefined : `${failed} failed`),
  }).finally(() => {
    progress?.end();
    if (interrupt.signal.aborted) note('Interrupted. Finished work is kept: run the same command again to resume.');
  });
  noteRecords(evaluated);
  if (evaluated.failed === images.length) throw failedError(evaluated);

  // Images whose request failed are left unscored. They do not count as wrong answers.
  const unscored = new Set(evaluated.records.filter(isRetryable).map(({ id }) => id));
  const scored = await scoreFile({ file: run.file(RUN_FILES.predictions), from: 'coordinates', gazetteer, unscored });
  const notes = benchmarkNotes(benchmark, { chosen: images.length - unscored.size, missing });
  const report = reportOf(scored, { geocoder, making: { from: words, geocoder, notes } });
  const measured = { name: `${locator.name} (${options.run})`, summary: report, protocol: words };
  const other = await otherReading(options, { scored, unscored, records: evaluated.records, gazetteer });
  const rows = table2Rows([...paperMarked(measured, options), ...other], benchmark.benchmark?.name);
  const title = `${locator.name} on ${benchmark.benchmark?.title ?? benchmark.name}`;
  await writeReport((name) => run.file(name), { title, report, rows, outcomes: scored.outcomes });
  const files = [...Object.values(RUN_FILES), ...Object.values(REPORT_FILES)];
  // A run with failed images is incomplete. It gets no manifest, so that no command compares it with other runs.
  if (evaluated.failed === 0) await run.complete({ n: report.n, failed: 0, usage: usageOf(evaluated.records), files });
  if (options.json === true) printJson(report);
  else print(terminalReport(report, rows));
  note(`Written to ${run.path}: ${[RUN_FILES.predictions, ...Object.values(REPORT_FILES)].join(', ')}.`);
  if (evaluated.failed > 0) throw failedError(evaluated);
}

function failedError({ failed, records }: Evaluated): GlobeError {
  const first = records.find(isRetryable)!;
  return new GlobeError({
    code: 'service',
    message: `${failed} of ${records.length} images failed. The first is ${first.id}: ${first.reason}`,
    hint: 'Run the same command again to retry them. Finished images are not repeated. The report leaves failed images out.',
  });
}

/**
 * Scores the same answers again, with the other choice between a stated position and a named place. Returns a row for
 * the report only if an outcome differs.
 */
async function otherReading(
  { samples, prefer, provider }: Options,
  {
    scored,
    unscored,
    records,
    gazetteer,
  }: { scored: ScoredFile; unscored: ReadonlySet<string>; records: Evaluated['records']; gazetteer: OfflineGazetteer },
): Promise<MeasuredRun[]> {
  // With several samples, only one answer is stored, so the vote cannot be repeated. With a remote geocoder, scoring
  // again would need new requests.
  if (samples > 1 || provider !== 'gazetteer' || records.every(({ completion }) => completion === undefined)) return [];
  const other = prefer === 'place' ? 'finest' : 'place';
  const source = { file: scored.reading.file, gazetteer, unscored } as const;
  const again = await scoreFile({ ...source, from: 'completion', prefer: other });
  if (!differ(scored.outcomes, again.outcomes)) return [];
  const report = reportOf(again, { geocoder: gazetteer.provenance });
  return [measuredRun('the same answers', { report, prefer: other })];
}

const paperMarked = (run: MeasuredRun, { prefer }: Options): MeasuredRun[] => [
  prefer === 'place' ? run : { ...run, marks: [STATED_POSITION_MARK] },
];

type OpenLocator = {
  readonly locator: Locator;
  readonly geocoder: Provenance;
  /** All settings that influence the answers. A run can resume only with the same settings. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** The settings that a calibration depends on. */
  readonly calibrated: CalibratedFacts;
  /** The settings in words, for the report's description of the protocol. */
  readonly words: string;
};

/** Opens the locator with its calibration, if there is one. */
async function openLocator(options: Options, gazetteer: OfflineGazetteer): Promise<OpenLocator> {
  const opened = await openUncalibrated(options, gazetteer);
  const { locator, sha256 } = await openCalibrated(opened.locator, options, opened.calibrated);
  if (sha256 === undefined) return opened;
  const { confidence } = options;
  const settings = { ...opened.settings, calibration: sha256, ...defined({ confidence }) };
  const level = confidence === undefined ? '' : `, at the finest level of confidence ${confidence}`;
  return { ...opened, locator, settings, words: `${opened.words}; calibrated${level}` };
}

async function openUncalibrated(options: Options, gazetteer: OfflineGazetteer): Promise<OpenLocator> {
  const { samples, maxPixels, seed, reasoning, prefer } = options;
  const seen = `images of at most ${maxPixels.toLocaleString('en-US')} pixels`;
  const opened = await openAnyModel({ ...options, yes: options.yes === true, gazetteer });
  if (opened.kind === 'positions') {
    refuseTextOptions(opened, textOptions(options));
    const { locator, method } = opened;
    return {
      locator,
      geocoder: gazetteer.provenance,
      settings: { model: locator.name, kind: method, maxPixels },
      calibrated: { model: locator.name },
      words: `${locator.name} (${method}), the most probable position of each image, ${seen}`,
    };
  }
  const { model, defaults } = opened;
  const geocoder = await openGeocoder(gazetteer, options);
  const form = options.prompt ?? model.promptForm ?? 'full';
  const temperature = options.temperature ?? defaults.temperature ?? (samples === 1 ? 0 : SAMPLING_TEMPERATURE);
  const locator = generativeLocator({
    model,
    gazetteer,
    geocoder,
    prefer,
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
    calibrated: { model: locator.name, prompt, samples },
    settings: {
      model: locator.name,
      prompt,
      samples,
      temperature,
      maxPixels,
      seed,
      geocoder: geocoder.provenance,
      ...(prefer !== 'place' && { prefer }),
    },
    words: `${locator.name}, prompt ${prompt}, ${answers} an image at temperature ${temperature}, ${seen}${prefer === 'place' ? '' : `; ${PREFERENCE_WORDS[prefer]}`}`,
  };
}

/** Lists those options of the user that apply only to models that write text. */
function textOptions({ samples, temperature, reasoning }: Options): string[] {
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
    `Missing --truth: the package does not contain the truth of ${benchmark}.`,
    'Download the CSV file of its true positions and give --truth FILE.',
  );
}

function noteRecords({ kept, tornBytes }: Evaluated): void {
  if (tornBytes > 0) note(`Replaced a record that an interrupted run had half written (${tornBytes} bytes).`);
  if (kept > 0) note(`${kept} images were already finished.`);
}
