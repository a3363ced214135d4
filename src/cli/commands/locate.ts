/**
 * Defines `globe locate`, which says where photos were taken, and why. This file contains only the command's options
 * and output.
 */
import { existsSync } from 'node:fs';
import { access, constants, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { makeFolder } from '../../storage/output-file.ts';
import { defined } from '../../core/defined.ts';
import { GlobeError, invalidInput } from '../../core/errors.ts';
import { openGazetteer } from '../../gazetteer/open.ts';
import { MAX_PIXELS } from '../../image/limits.ts';
import { LEVELS } from '../../locator/ballot.ts';
import type { Level } from '../../locator/ballot.ts';
import { formatText, summaryLine } from '../../locator/formats/format-text.ts';
import { PREFERENCES } from '../../locator/preferred-position.ts';
import type { Preference } from '../../locator/preferred-position.ts';
import type { MetadataMode, PhotoResult } from '../../locator/photo-result.ts';
import { findPhotos } from '../../locator/photo-inputs.ts';
import { locateRun } from '../../locator/run/locate-run.ts';
import type { RunProgress } from '../../locator/run/locate-run.ts';
import type { PhotoRecord } from '../../locator/run/photo-record.ts';
import { assemblePhotoRun, RUN_FILES } from '../../locator/run/run-files.ts';
import { photosOf, readReviewedRun, reviewed } from '../../locator/run/run-results.ts';
import { createServiceOutage } from '../../locator/run/service-outage.ts';
import { PROMPT_FORMS, type PromptForm } from '../../prompts/locate-prompt.ts';
import { openRun, RUNS_FOLDER } from '../../storage/run-folder.ts';
import type { RunFolder } from '../../storage/run-folder.ts';
import { DEFAULT_CONCURRENCY } from '../../vision/openai-compatible/openai-compatible-model.ts';
import { estimateText, finalCostText } from '../locate/cost-text.ts';
import { openLocator } from '../locate/open-locator.ts';
import type { OpenLocator } from '../locate/open-locator.ts';
import { planSidecars, printPlan, writeSidecars } from '../locate/write-sidecars.ts';
import { deliver, RESULT_FORMATS, writeRunResults } from '../locate/render.ts';
import type { ResultFormat } from '../locate/render.ts';
import { terminalQuestion } from '../confirm-host.ts';
import { MODEL_FORMS } from '../open-model.ts';
import { integer, number, positiveInteger, share } from '../option-values.ts';
import { interruptSignal, note, print } from '../output.ts';
import { progressLine } from '../progress.ts';

type Options = {
  readonly model?: string;
  readonly baseUrl?: string;
  readonly modelId?: string;
  readonly samples: number;
  readonly prompt?: PromptForm;
  readonly temperature?: number;
  readonly seed?: number;
  readonly maxPixels: number;
  readonly metadata: MetadataMode;
  readonly onlyWithoutGps?: true;
  readonly prefer: Preference;
  readonly granularity?: readonly (Level | 'position')[];
  readonly calibration?: string;
  readonly confidence?: number;
  readonly run?: string;
  readonly runs: string;
  readonly estimate?: true;
  readonly format?: ResultFormat;
  readonly json?: true;
  readonly output?: string;
  readonly concurrency?: number;
  readonly keepFormulas?: true;
  readonly write?: 'xmp';
  readonly yes?: true;
  readonly allowUrl?: true;
  readonly allowDownload?: true;
  readonly quiet?: true;
};

export function command(): Command {
  return new Command('locate')
    .description('Say where photos were taken, and why. With --run, the same command resumes an interrupted run.')
    .argument('<photo...>', 'image files, folders, or (with --allow-url) URLs')
    .option('--model <model>', MODEL_FORMS)
    .option('--base-url <url>', 'server of a preset or configured model')
    .option('--model-id <id>', "the server's name for the model")
    .option('--samples <n>', 'answers per photo; the place with most votes wins', positiveInteger, 1)
    .option(
      '--temperature <t>',
      "sampling temperature; 0 is greedy (default: the model's own, else 0 for one sample and 0.6 for several)",
      number,
    )
    .addOption(
      new Option('--prompt <form>', "form of the prompt (default: the model's own, else full)").choices(PROMPT_FORMS),
    )
    .option('--keep-formulas', 'CSV: leave texts as they are that a spreadsheet would run as formulas')
    .option('--seed <n>', 'sampling seed, if the server supports seeds', integer)
    .option('--max-pixels <n>', 'maximum pixels per image; larger ones are scaled down', positiveInteger, MAX_PIXELS)
    .addOption(
      new Option(
        '--metadata <mode>',
        'EXIF position and time of the photo. report: print them beside the answer; use: take the position as the location; ignore: do not read them',
      )
        .choices(['report', 'use', 'ignore'])
        .default('report'),
    )
    .option('--only-without-gps', 'leave out photos whose file or sidecar has a position')
    .option(
      '--granularity <levels>',
      'levels to choose from, e.g. country,region,city: the answer is the finest on which half of the samples agree; position: do not round positions to a tenth of a degree',
      levels,
    )
    .addOption(
      new Option(
        '--prefer <position>',
        'position of an answer that names a place and states a position. finest: the stated one if it is inside the named country or region; place, position: always that one',
      )
        .choices(PREFERENCES)
        .default('finest'),
    )
    .option('--calibration <file>', 'calibration of this model from globe calibrate: states probabilities')
    .option(
      '--confidence <share>',
      'with --calibration: answer at the finest level that is right with this probability, else decline',
      share,
    )
    .option('--run <name>', 'keep the answers in runs/NAME, and resume that run')
    .option('--runs <folder>', 'folder of runs', RUNS_FOLDER)
    .option('--estimate', 'print the number of photos and the expected cost, and stop')
    .addOption(new Option('--format <format>', 'output format').choices(RESULT_FORMATS))
    .option('--json', 'same as --format json')
    .option('--output <file>', 'write to this file instead of stdout')
    .option(
      '--concurrency <n>',
      `maximum number of requests at once (default: the configuration's, else ${DEFAULT_CONCURRENCY})`,
      positiveInteger,
    )
    .addOption(
      new Option('--write <format>', 'xmp: after a preview, write sidecars beside the photos').choices(['xmp']),
    )
    .option('--yes', 'answer the questions: send photos to a new host, write sidecars')
    .option('--allow-url', 'fetch photos given as URLs')
    .option('--allow-download', 'download missing model files (transformers:REPO, geoclip:REPO)')
    .option('--quiet', 'do not print progress')
    .addHelpText('after', '\nExit codes: 0 every photo has an answer, 1 a service failed, 2 only input files failed.')
    .action(run);
}

async function run(args: readonly string[], options: Options): Promise<void> {
  const format = chosenFormat(options);
  if (options.output !== undefined) await checkWritable(options.output);
  const ask = terminalQuestion();
  if (options.write !== undefined && options.yes !== true && ask === undefined) {
    throw invalidInput(
      `--write ${options.write} asks before it writes, but there is no terminal.`,
      'Add --yes, or look at globe export RUN --format xmp first.',
    );
  }
  using interrupt = interruptSignal();
  const { photos, skipped } = await findPhotos(args, { allowUrl: options.allowUrl === true });
  if (skipped > 0)
    note(
      `Skipped ${skipped} ${skipped === 1 ? 'file' : 'files'} in the folders: the file extension is not that of a photo.`,
    );
  const gazetteer = openGazetteer();
  const outage = createServiceOutage();
  const opened = await openLocator(
    { ...options, yes: options.yes === true, retry: { givesUp: outage.givesUp } },
    gazetteer,
  );
  const { locator, defaults, prompt } = opened;
  if (options.estimate === true) {
    print(
      estimateText(photos.length, { ...options, model: locator.name, prompt: prompt?.text, price: defaults.price }),
    );
    return;
  }
  await using folder = await openAnswers(options, { opened, geocoder: gazetteer.provenance });
  const isNamed = options.run !== undefined;
  // A named run shows its answers in its folder. Otherwise text appears photo by photo.
  const streaming = format === 'text' && options.output === undefined && !isNamed;
  const printed = new Set<string>();
  const records = new Map<string, PhotoRecord>();
  const show = ({ photo, result }: PhotoRecord): void => {
    if (result !== undefined) print(formatText(result));
    printed.add(photo);
  };
  const progress = options.quiet === true || streaming ? undefined : progressOf(photos.length, { isNamed });
  const failure = await locateRun({
    run: folder,
    photos,
    locator,
    reverse: (coordinate) => gazetteer.reverse(coordinate),
    metadata: options.metadata,
    onlyWithoutGps: options.onlyWithoutGps === true,
    maxPixels: options.maxPixels,
    ...defined({ seed: options.seed }),
    concurrency: options.concurrency ?? defaults.concurrency ?? DEFAULT_CONCURRENCY,
    thumbnails: format === 'html' || isNamed,
    outage,
    records,
    signal: interrupt.signal,
    ...(streaming && { onRecord: show }),
    ...(progress !== undefined && { onProgress: progress.update }),
  }).then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  progress?.end();
  await locator[Symbol.asyncDispose]?.();
  // An interrupted or failed run delivers what it has.
  const results = existsSync(folder.file(RUN_FILES.log))
    ? await deliverAll(folder, { options, format, streaming, defaults, records, printed, show })
    : [];
  if (failure !== undefined) {
    if (isNamed && interrupt.signal.aborted) note('Run the same command again to resume: answers are kept.');
    throw failure.error;
  }
  if (isNamed && !results.some(({ kind }) => kind === 'failed')) {
    await folder.complete({ n: results.length, failed: 0 });
  }
  if (options.write !== undefined) await offerSidecars(folder, { options, ask });
  throwForFailures(results);
}

type Delivery = Pick<OpenLocator, 'defaults'> & {
  readonly options: Options;
  readonly format: ResultFormat;
  readonly streaming: boolean;
  readonly records: ReadonlyMap<string, PhotoRecord>;
  /** Names of the photos that are printed already. */
  readonly printed: ReadonlySet<string>;
  readonly show: (record: PhotoRecord) => void;
};

/** Writes all answers so far, also those of an interrupted run, and returns them. Keeps the run if that fails. */
async function deliverAll(
  folder: Answers,
  { options, format, streaming, defaults, records, printed, show }: Delivery,
): Promise<readonly PhotoResult[]> {
  const run = await reviewed(await assemblePhotoRun(folder.path, records));
  const rendering = { keepFormulas: options.keepFormulas === true, price: defaults.price, output: options.output };
  try {
    if (streaming) for (const record of run.records.filter(({ photo }) => !printed.has(photo))) show(record);
    else if (
      options.run === undefined ||
      options.format !== undefined ||
      options.json ||
      options.output !== undefined
    ) {
      await deliver(format, run, rendering);
    }
    if (options.run !== undefined) {
      const names = await writeRunResults(run, rendering);
      note(
        `${summaryOf(run)}${finalCostText(photosOf(run), defaults.price)} Written to ${folder.path}: ${names.join(', ')}.`,
      );
    }
    folder.delivered();
    return photosOf(run).map(({ result }) => result);
  } catch (error) {
    throw new GlobeError({
      code: 'service',
      message: `The results could not be written: ${error instanceof Error ? error.message : String(error)}`,
      hint: `No answer is lost: globe export ${folder.path} --format ${format === 'text' ? 'json' : format} --output FILE writes them elsewhere.`,
      cause: error,
    });
  }
}

/** Shows the sidecars, and writes them after a yes. */
async function offerSidecars(
  folder: Answers,
  { options, ask }: { readonly options: Options; readonly ask: ReturnType<typeof terminalQuestion> },
): Promise<void> {
  const run = await readReviewedRun(folder.path, options);
  const date = new Date().toISOString().slice(0, 10);
  const planned = await planSidecars(run, { names: 'full', date, overwrite: false });
  printPlan(planned, note);
  const isAllowed =
    options.yes === true || /^y(?:es)?$/i.test((await ask?.('Write these sidecars? [y/N] '))?.trim() ?? '');
  if (isAllowed) await writeSidecars(planned);
  else note('No sidecar was written.');
}

type Answers = RunFolder & {
  /** Says that the answers have arrived where the user wants them, so that a folder without a name is removed. */
  readonly delivered: () => void;
};

type AnswersFacts = { readonly opened: OpenLocator; readonly geocoder: object };

/** Opens the named run, or a folder for the answers until they are written. */
async function openAnswers(options: Options, { opened, geocoder }: AnswersFacts): Promise<Answers> {
  const { locator, prompt, temperature, calibration } = opened;
  const settings = {
    command: 'locate',
    model: locator.name,
    ...defined({ prompt: prompt?.version }),
    samples: options.samples,
    ...defined({ temperature, seed: options.seed }),
    geocoder,
    metadata: options.metadata,
    ...(options.onlyWithoutGps === true && { onlyWithoutGps: true }),
    ...(prompt !== undefined && { prefer: options.prefer }),
    ...defined({ granularity: options.granularity, confidence: options.confidence }),
    ...(calibration !== undefined && { calibration }),
    maxPixels: options.maxPixels,
  };
  const temporary = options.run === undefined ? await mkdtemp(join(tmpdir(), 'globe-locate-')) : undefined;
  const folder = await openRun({
    root: temporary ?? options.runs,
    name: options.run ?? 'answers',
    options: settings,
  });
  let isDelivered = false;
  return {
    ...folder,
    delivered: () => {
      isDelivered = true;
    },
    [Symbol.asyncDispose]: async () => {
      await folder.release();
      if (temporary !== undefined && isDelivered) await rm(temporary, { recursive: true });
    },
  };
}

/** Shows one line per photo, or for a named run one line with the count and the time left. */
function progressOf(
  total: number,
  { isNamed }: { readonly isNamed: boolean },
): { readonly update: (progress: RunProgress) => void; readonly end: () => void } {
  if (isNamed) {
    const line = progressLine(total, { label: 'photos' });
    const update = ({ done, failed, kept, record }: RunProgress): void => {
      if (record === undefined && kept > 0) note(`${kept} of ${total} photos were already finished.`);
      line.update(done, failed === 0 ? undefined : `${failed} failed`);
    };
    return { update, end: () => line.end() };
  }
  const update = ({ done, record }: RunProgress): void => {
    if (record?.result === undefined) return;
    note(`[${done}/${total}] ${record.photo}: ${summaryLine(record.result)}`);
  };
  return { update, end: () => undefined };
}

function summaryOf({ photos, records }: Awaited<ReturnType<typeof readReviewedRun>>): string {
  const count = (matches: (record: PhotoRecord) => boolean): number => records.filter(matches).length;
  const parts = [
    `${count(({ result }) => result?.kind === 'located')} of ${photos} photos located`,
    `${count(({ result }) => result !== undefined && result.kind !== 'located' && result.kind !== 'failed')} without a place`,
    `${count(({ result }) => result?.kind === 'failed')} failed`,
    `${count(({ skipped }) => skipped !== undefined)} left out`,
    `${count(({ sameAs }) => sameAs !== undefined)} copies answered with their original`,
    `${photos - records.length} open`,
  ];
  return `${parts.filter((part, i) => i === 0 || !part.startsWith('0 ')).join(', ')}.`;
}

function chosenFormat({ format, json }: Options): ResultFormat {
  if (json === true && format !== undefined && format !== 'json') {
    throw invalidInput(`--json and --format ${format} cannot be used together.`, 'Remove one of them.');
  }
  return json === true ? 'json' : (format ?? 'text');
}

/** Checks the output file before any photo is located, so that a mistyped path does not cost the results. */
async function checkWritable(file: string): Promise<void> {
  const folder = dirname(resolve(file));
  await makeFolder(folder);
  const isFolder = await stat(file).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (isFolder) throw invalidInput(`Cannot write to ${file}: it is a folder.`, 'Name a file in that folder.');
  try {
    await access(folder, constants.W_OK);
  } catch {
    throw invalidInput(`Cannot write to ${file}.`, 'Check that its folder is writable.');
  }
}

/**
 * Throws if photos failed. Call it only after the results are printed. The exit code is 2 if all failures are the fault
 * of files, otherwise 1.
 */
function throwForFailures(results: readonly PhotoResult[]): void {
  const errors = results.flatMap((result) => (result.kind === 'failed' ? [result.error] : []));
  if (errors.length === 0) return;
  const files = errors.every(({ code }) => code === 'invalid-input' || code === 'not-found');
  const [first] = errors;
  throw new GlobeError({
    code: files ? 'invalid-input' : 'service',
    message: `${errors.length} of ${results.length} photos failed. The first error: ${first!.message}`,
    ...defined({ hint: first!.hint }),
  });
}

function levels(value: string): readonly (Level | 'position')[] {
  const names = value.split(',').map((name) => name.trim());
  const unknown = names.find((name) => name !== 'position' && !LEVELS.includes(name as Level));
  if (unknown !== undefined)
    throw new InvalidArgumentError(`Unknown level "${unknown}". Use country, region, city or position.`);
  return names as (Level | 'position')[];
}
