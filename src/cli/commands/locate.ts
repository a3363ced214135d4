/**
 * Defines `globe locate`, which says where photos were taken, and why. This file contains only the command's options
 * and output.
 */
import { access, constants, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { makeFolder, writeOutputFile } from '../../storage/output-file.ts';
import { defined } from '../../core/defined.ts';
import { printable } from '../../core/printable.ts';
import { GlobeError, invalidInput } from '../../core/errors.ts';
import type { OfflineGazetteer } from '../../gazetteer/gazetteer.ts';
import { openGazetteer } from '../../gazetteer/open.ts';
import { MAX_PIXELS } from '../../image/limits.ts';
import { generativeLocator } from '../../locator/generative-locator.ts';
import { LEVELS } from '../../locator/ballot.ts';
import type { Level } from '../../locator/ballot.ts';
import type { Locator } from '../../locator/locator.ts';
import { LOCATE_PROMPT_VERSION, locatePrompt, PROMPT_FORMS, type PromptForm } from '../../prompts/locate-prompt.ts';
import { addUsage, costOf, NO_USAGE } from '../../vision/cost.ts';
import type { ModelDefaults } from '../../vision/resolve-model.ts';
import { DEFAULT_CONCURRENCY } from '../../vision/openai-compatible/openai-compatible-model.ts';
import { formatCsv, formatGeoJson } from '../../locator/formats/format-data.ts';
import { formatHtml } from '../../locator/formats/format-html.ts';
import { formatText, summaryLine } from '../../locator/formats/format-text.ts';
import { PREFERENCES } from '../../locator/preferred-position.ts';
import type { Preference } from '../../locator/preferred-position.ts';
import { locatePhotos } from '../../locator/locate-photos.ts';
import type { LocatedPhoto } from '../../locator/locate-photos.ts';
import type { MetadataMode } from '../../locator/photo-result.ts';
import { findPhotos } from '../../locator/photo-inputs.ts';
import { MODEL_FORMS, openAnyModel, refuseTextOptions } from '../open-model.ts';
import { integer, number, positiveInteger } from '../option-values.ts';
import { withoutSecrets } from '../../service/redact.ts';
import { interruptSignal, note, print } from '../output.ts';

const FORMATS = ['text', 'json', 'geojson', 'csv', 'html'] as const;
type Format = (typeof FORMATS)[number];

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
  readonly prefer: Preference;
  readonly granularity?: readonly Level[];
  readonly format?: Format;
  readonly json?: true;
  readonly output?: string;
  readonly concurrency?: number;
  readonly keepFormulas?: true;
  readonly allowUrl?: true;
  readonly allowDownload?: true;
  readonly quiet?: true;
};

export function command(): Command {
  return new Command('locate')
    .description('Say where photos were taken, and why.')
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
    .option(
      '--granularity <levels>',
      'levels to choose from, e.g. country,region,city: the answer is the finest on which half of the samples agree',
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
    .addOption(new Option('--format <format>', 'output format').choices(FORMATS))
    .option('--json', 'same as --format json')
    .option('--output <file>', 'write to this file instead of stdout')
    .option(
      '--concurrency <n>',
      `maximum number of requests at once (default: the configuration's, else ${DEFAULT_CONCURRENCY})`,
      positiveInteger,
    )
    .option('--allow-url', 'fetch photos given as URLs')
    .option('--allow-download', 'download missing model files (transformers:REPO)')
    .option('--quiet', 'do not print progress')
    .addHelpText('after', '\nExit codes: 0 every photo has an answer, 1 a service failed, 2 only input files failed.')
    .action(run);
}

async function run(args: readonly string[], options: Options): Promise<void> {
  const format = chosenFormat(options);
  if (options.output !== undefined) await checkWritable(options.output);
  using interrupt = interruptSignal();
  const { photos, skipped } = await findPhotos(args, { allowUrl: options.allowUrl === true });
  if (skipped > 0)
    note(
      `Skipped ${skipped} ${skipped === 1 ? 'file' : 'files'} in the folders: the file extension is not that of a photo.`,
    );
  const gazetteer = openGazetteer();
  const { locator, defaults, prompt } = await openLocator(options, gazetteer);
  const located: LocatedPhoto[] = [];
  const streaming = format === 'text' && options.output === undefined;
  const progress = options.quiet !== true && !streaming;
  for await (const photo of locatePhotos(photos, {
    locator,
    reverse: (coordinate) => gazetteer.reverse(coordinate),
    metadata: options.metadata,
    maxPixels: options.maxPixels,
    ...defined({ seed: options.seed }),
    concurrency: options.concurrency ?? defaults.concurrency ?? DEFAULT_CONCURRENCY,
    thumbnails: format === 'html',
    signal: interrupt.signal,
  })) {
    located.push(photo);
    const { result } = photo;
    if (streaming) print(formatText(result));
    if (progress) note(`[${located.length}/${photos.length}] ${result.image}: ${summaryLine(result)}`);
  }
  if (!streaming) {
    const protocol = {
      model: locator.name,
      ...defined({ prompt }),
      samples: options.samples,
      geocoder: gazetteer.provenance,
      metadata: options.metadata,
      ...(prompt !== undefined && { prefer: options.prefer }),
      maxPixels: options.maxPixels,
    };
    await deliver(
      render(format, located, { protocol, defaults, keepFormulas: options.keepFormulas === true }),
      options.output,
    );
  }
  throwForFailures(located);
}

type OpenLocator = { readonly locator: Locator; readonly defaults: ModelDefaults; readonly prompt?: string };

async function openLocator(options: Options, gazetteer: OfflineGazetteer): Promise<OpenLocator> {
  const { samples, temperature, granularity } = options;
  const textOptions = [
    ...(samples === 1 ? [] : [`--samples ${samples}`]),
    ...(temperature === undefined ? [] : [`--temperature ${temperature}`]),
    ...(granularity === undefined ? [] : ['--granularity']),
  ];
  const opened = await openAnyModel({ ...options, gazetteer });
  if (opened.kind === 'positions') {
    refuseTextOptions(opened, textOptions);
    return { locator: opened.locator, defaults: {} };
  }
  const { model, defaults } = opened;
  const form = options.prompt ?? model.promptForm ?? 'full';
  const locator = generativeLocator({
    model,
    gazetteer,
    prompt: locatePrompt({ form }),
    ...requestOptions(options, defaults),
  });
  return { locator, defaults, prompt: `${LOCATE_PROMPT_VERSION}${form === 'short' ? ', short' : ''}` };
}

/**
 * Returns the options of each request. The user's values take precedence over the defaults of the model's preset or
 * configuration.
 */
function requestOptions({ samples, temperature, granularity, prefer }: Options, defaults: ModelDefaults) {
  const chosen = temperature ?? defaults.temperature;
  return {
    samples,
    prefer,
    ...defined({ temperature: chosen, maxTokens: defaults.maxTokens, system: defaults.system, levels: granularity }),
  };
}

function chosenFormat({ format, json }: Options): Format {
  if (json === true && format !== undefined && format !== 'json') {
    throw invalidInput(`--json and --format ${format} cannot be used together.`, 'Remove one of them.');
  }
  return json === true ? 'json' : (format ?? 'text');
}

function render(
  format: Format,
  located: readonly LocatedPhoto[],
  {
    protocol,
    defaults,
    keepFormulas,
  }: { protocol: { model: string; samples: number }; defaults: ModelDefaults; keepFormulas: boolean },
): string {
  const results = located.map(({ result }) => result);
  switch (format) {
    case 'text':
      return `${results.map(formatText).join('\n')}\n`;
    case 'json': {
      const usage = results.reduce(
        (sum, result) => (result.kind === 'failed' ? sum : addUsage(sum, result.usage ?? NO_USAGE)),
        NO_USAGE,
      );
      const cost = defaults.price === undefined ? undefined : costOf(usage, defaults.price);
      return `${JSON.stringify({ protocol, results, usage, ...defined({ cost }) }, null, 2)}\n`;
    }
    case 'geojson':
      return formatGeoJson(results);
    case 'csv':
      return formatCsv(results, { keepFormulas });
    case 'html': {
      const answers =
        protocol.samples === 1 ? 'one answer per photo' : `${protocol.samples} answers per photo, by vote`;
      return formatHtml(located, { about: `Answers by ${protocol.model}, ${answers}.` });
    }
  }
  return format satisfies never;
}

async function deliver(text: string, output: string | undefined): Promise<void> {
  // A terminal executes control characters, so text for a terminal is escaped. JSON and GeoJSON always escape control
  // characters, but the other formats do not.
  if (output === undefined) process.stdout.write(withoutSecrets(process.stdout.isTTY ? printable(text) : text));
  else await writeOutputFile(output, text);
}

/**
 * Checks that the output file can be written before any photo is located, so that results are not lost to a mistyped
 * path.
 */
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
function throwForFailures(located: readonly LocatedPhoto[]): void {
  const errors = located.flatMap(({ result }) => (result.kind === 'failed' ? [result.error] : []));
  if (errors.length === 0) return;
  const files = errors.every(({ code }) => code === 'invalid-input' || code === 'not-found');
  const [first] = errors;
  throw new GlobeError({
    code: files ? 'invalid-input' : 'service',
    message: `${errors.length} of ${located.length} photos failed. The first error: ${first!.message}`,
    ...defined({ hint: first!.hint }),
  });
}

function levels(value: string): readonly Level[] {
  const names = value.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !LEVELS.includes(name as Level));
  if (unknown !== undefined) throw new InvalidArgumentError(`Unknown level "${unknown}". Use country, region or city.`);
  return names as Level[];
}
