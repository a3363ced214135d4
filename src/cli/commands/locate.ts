/** `globe locate`: where photos were taken, and why. The locator layer does the work; this file holds options and output. */
import { access, constants, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { defined } from '../../core/defined.ts';
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
import { locatePhotos } from '../../locator/locate-photos.ts';
import type { LocatedPhoto } from '../../locator/locate-photos.ts';
import type { MetadataMode } from '../../locator/photo-result.ts';
import { findPhotos } from '../../locator/photo-inputs.ts';
import { openModel } from '../open-model.ts';
import { openPositionModel } from '../open-position-model.ts';
import { integer, number, positiveInteger } from '../option-values.ts';
import { interruptSignal, note } from '../output.ts';

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
  readonly granularity?: readonly Level[];
  readonly format?: Format;
  readonly json?: true;
  readonly output?: string;
  readonly concurrency?: number;
  readonly allowUrl?: true;
  readonly allowDownload?: true;
  readonly quiet?: true;
};

export function command(): Command {
  return new Command('locate')
    .description('Say where photos were taken, and why.')
    .argument('<photo...>', 'image files, folders of them, or (with --allow-url) URLs')
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
    .addOption(
      new Option('--prompt <form>', "of the question (default: the model's own, else full)").choices(PROMPT_FORMS),
    )
    .option('--seed <n>', 'makes sampling repeatable where the server can', integer)
    .option('--max-pixels <n>', 'pixels of the image that the model sees', positiveInteger, MAX_PIXELS)
    .addOption(
      new Option(
        '--metadata <mode>',
        "report: the photo's own EXIF position and time beside the answer; use: take that position as the location; ignore: do not read it",
      )
        .choices(['report', 'use', 'ignore'])
        .default('report'),
    )
    .option('--granularity <levels>', 'of country,region,city the finest on which half of the samples agree', levels)
    .addOption(new Option('--format <format>', 'how to print').choices(FORMATS))
    .option('--json', 'the same as --format json')
    .option('--output <file>', 'write there instead of stdout')
    .option(
      '--concurrency <n>',
      `requests in flight at a time (default: the configuration's, else ${DEFAULT_CONCURRENCY})`,
      positiveInteger,
    )
    .option('--allow-url', 'fetch photos that are given as URLs')
    .option('--allow-download', 'let transformers:REPO fetch missing model files')
    .option('--quiet', 'no progress on stderr')
    .addHelpText(
      'after',
      '\nExit code 0 when every photo was answered, 1 when a service failed for one, 2 when a file was at fault.',
    )
    .action(run);
}

async function run(args: readonly string[], options: Options): Promise<void> {
  const format = chosenFormat(options);
  if (options.output !== undefined) await checkWritable(options.output);
  using interrupt = interruptSignal();
  const { photos, skipped } = await findPhotos(args, { allowUrl: options.allowUrl === true });
  if (skipped > 0)
    note(`Left out of the folders: ${skipped} ${skipped === 1 ? 'file' : 'files'}, by name not a photo.`);
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
    if (streaming) process.stdout.write(`${formatText(result)}\n`);
    if (progress) note(`[${located.length}/${photos.length}] ${result.image}: ${summaryLine(result)}`);
  }
  if (!streaming) {
    const protocol = {
      model: locator.name,
      ...defined({ prompt }),
      samples: options.samples,
      geocoder: gazetteer.provenance,
      metadata: options.metadata,
      maxPixels: options.maxPixels,
    };
    await deliver(render(format, located, { protocol, defaults }), options.output);
  }
  throwForFailures(located);
}

type OpenLocator = { readonly locator: Locator; readonly defaults: ModelDefaults; readonly prompt?: string };

async function openLocator(options: Options, gazetteer: OfflineGazetteer): Promise<OpenLocator> {
  const { samples, temperature, granularity } = options;
  const asked = [
    ...(samples === 1 ? [] : [`--samples ${samples}`]),
    ...(temperature === undefined ? [] : [`--temperature ${temperature}`]),
    ...(granularity === undefined ? [] : ['--granularity']),
  ];
  const positions = await openPositionModel({ ...options, gazetteer, asking: asked });
  if (positions !== undefined) return { locator: positions, defaults: {} };
  const { model, defaults } = await openModel(options);
  const form = options.prompt ?? model.promptForm ?? 'full';
  const locator = generativeLocator({ model, gazetteer, prompt: locatePrompt({ form }), ...asking(options, defaults) });
  return { locator, defaults, prompt: `${LOCATE_PROMPT_VERSION}${form === 'short' ? ', short' : ''}` };
}

/** How the model is asked: what the user says, else what its preset or configuration says. */
function asking({ samples, temperature, granularity }: Options, defaults: ModelDefaults) {
  const chosen = temperature ?? defaults.temperature;
  return {
    samples,
    ...defined({ temperature: chosen, maxTokens: defaults.maxTokens, system: defaults.system, levels: granularity }),
  };
}

function chosenFormat({ format, json }: Options): Format {
  if (json === true && format !== undefined && format !== 'json') {
    throw invalidInput(`--json and --format ${format} exclude each other.`, 'Give one of them.');
  }
  return json === true ? 'json' : (format ?? 'text');
}

function render(
  format: Format,
  located: readonly LocatedPhoto[],
  { protocol, defaults }: { protocol: { model: string; samples: number }; defaults: ModelDefaults },
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
      return formatCsv(results);
    case 'html': {
      const answers =
        protocol.samples === 1 ? 'one answer per photo' : `${protocol.samples} answers per photo, by vote`;
      return formatHtml(located, { about: `Answers by ${protocol.model}, ${answers}.` });
    }
  }
  return format satisfies never;
}

async function deliver(text: string, output: string | undefined): Promise<void> {
  if (output === undefined) process.stdout.write(text);
  else await writeFile(output, text);
}

/** Before the work, so that it is not lost for a mistyped folder. */
async function checkWritable(file: string): Promise<void> {
  try {
    await access(dirname(resolve(file)), constants.W_OK);
  } catch {
    throw invalidInput(`Nothing can be written to ${file}.`, 'Check that its folder exists and may be written to.');
  }
}

/** The results are out; the exit code still says that some are missing, and whose fault it was. */
function throwForFailures(located: readonly LocatedPhoto[]): void {
  const errors = located.flatMap(({ result }) => (result.kind === 'failed' ? [result.error] : []));
  if (errors.length === 0) return;
  const files = errors.every(({ code }) => code === 'invalid-input' || code === 'not-found');
  const [first] = errors;
  throw new GlobeError({
    code: files ? 'invalid-input' : 'service',
    message: `${errors.length} of ${located.length} photos failed; the first: ${first!.message}`,
    ...defined({ hint: first!.hint }),
  });
}

function levels(value: string): readonly Level[] {
  const names = value.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !LEVELS.includes(name as Level));
  if (unknown !== undefined) throw new InvalidArgumentError(`"${unknown}" is none of country, region, city.`);
  return names as Level[];
}
