/**
 * Writes the dataset card, README.md in the Hugging Face format. It contains no dates, so that the same dataset gives
 * the same bytes.
 */
import { stringify } from 'yaml';
import type { Proportion } from '../../core/statistics/proportion.ts';
import { ANNOTATE_PROMPT_VERSION } from '../../prompts/annotate-prompt.ts';
import { FAULTS } from '../judge/gate-quality.ts';
import type { Quality } from '../judge/gate-quality.ts';
import type { Funnel } from '../judge/funnel.ts';
import { annotatorName } from '../recipe/recipe.ts';
import type { Mode, Recipe } from '../recipe/recipe.ts';
import { licenceFields, licenceList } from './licences.ts';
import type { LicenceCounts } from './licences.ts';
import type { Table1Row } from './table1.ts';

export type CardOptions = {
  readonly recipe: Recipe;
  readonly funnel: Funnel;
  readonly statistics: Readonly<Record<'train' | 'test', Table1Row>>;
  readonly licences: LicenceCounts;
  readonly quality?: Quality;
};

const MODE_TEXT: Readonly<Record<Mode, string>> = {
  random: 'Random sampling: each reasoning comes from one annotator, drawn at random, and was not verified.',
  single: 'Single-source validation: one annotator, checked against its own judgement and the photo’s own place.',
  full: 'Full multi-source validation: localizability, correctness, cross-model agreement and visual grounding.',
};

export function datasetCard(options: CardOptions): string {
  const { recipe, statistics, licences, quality } = options;
  const sections = [
    frontMatter(options),
    `# ${nameOf(recipe)}\n`,
    ...(recipe.description === null ? [] : [`${recipe.description}\n`]),
    `Photos with the country and city where they were taken and a reasoning from visible things to that place.`,
    `${modeText(recipe)}\n`,
    `## Contents\n`,
    statisticsTable(statistics),
    `\nThe place (\`country\`, \`city\`, \`__#solution\`) is the photo's own; \`response\` is the reasoning of \`annotator\`. Photos of one owner are in the same split. ${duplicateText(recipe)} Images were re-encoded and carry no metadata.\n`,
    `## How it was made\n`,
    annotatorText(recipe),
    `\n${funnelTable(options.funnel)}\n`,
    ...(quality === undefined ? [] : [qualityText(quality)]),
    `Thresholds:\n\n\`\`\`yaml\n${stringify({ gates: recipe.gates, dedupe: recipe.dedupe, size: recipe.size, split: recipe.split, seed: recipe.seed })}\`\`\`\n`,
    `## Licences\n`,
    `Each photo keeps the licence of its owner, in \`licence\` and \`owner\`:\n`,
    licenceList(licences),
    `\n## Use\n`,
    `This dataset is for training and comparing models that locate photos. Annotators err and are biased towards places that are photographed often; their reasonings are not evidence. Do not use it to find where a person lives. Remove a photo when its owner asks.\n`,
  ];
  return `${sections.join('\n').trimEnd()}\n`;
}

/** States how near-duplicates were found, and which are known to be missed, instead of a promise that none is left. */
function duplicateText({ dedupe }: Recipe): string {
  const limit =
    dedupe === null
      ? 'Near-duplicates were kept. Those that were found by a perceptual hash are in the same split.'
      : `Near-duplicates were dropped if they were found by a perceptual hash (at most ${dedupe.maxDistance} of 256 bits differ).`;
  return `${limit} The default limit of 40 bits found at least 90 % of the copies of 24 photos that were resized, recompressed, cropped by 2 to 10 % on all sides or by 10 % on one, framed, or captioned. It does not find mirrored copies, and few that were cropped by 5 % on one or two sides.`;
}

function modeText({ mode, gates }: Recipe): string {
  const isPartial = mode === 'full' && gates.grounding === null;
  return isPartial ? `${MODE_TEXT.full} The visual grounding gate was turned off.` : MODE_TEXT[mode];
}

/** The dataset's name. If the recipe has no name, returns a default. */
const nameOf = ({ name }: Recipe): string => name ?? 'Image geolocation with reasons';

/** Size categories of the Hugging Face Hub, each with its upper bound and its name. */
const SIZE_CATEGORIES = [
  [1e3, 'n<1K'],
  [1e4, '1K<n<10K'],
  [1e5, '10K<n<100K'],
  [1e6, '100K<n<1M'],
  [1e7, '1M<n<10M'],
] as const;

function frontMatter({ recipe, statistics, licences }: CardOptions): string {
  const splits = (['train', 'test'] as const).filter((split) => statistics[split].samples > 0);
  const rows = statistics.train.samples + statistics.test.samples;
  const facts = {
    pretty_name: nameOf(recipe),
    // The annotation prompt is in English, and requests place names in English.
    language: ['en'],
    ...licenceFields(licences),
    size_categories: [SIZE_CATEGORIES.find(([bound]) => rows < bound)?.[1] ?? 'n>10M'],
    task_categories: ['image-text-to-text'],
    tags: ['image-geolocation', 'reasoning'],
    configs: [
      { config_name: 'default', data_files: splits.map((split) => ({ split, path: `data/${split}-*.parquet` })) },
    ],
  };
  return `---\n${stringify(facts)}---\n`;
}

function statisticsTable({ train, test }: CardOptions['statistics']): string {
  const line = (name: string, row: Table1Row): string => {
    const { samples, countries, cities, scenes } = row;
    return `| ${[name, samples, countries, cities, scenes.indoor, scenes.natural, scenes.urban].join(' | ')} |`;
  };
  return [
    '| split | samples | countries | cities | indoor | natural | urban |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    line('train', train),
    line('test', test),
  ].join('\n');
}

function annotatorText({ annotators, gps, segmentation, meaning, mode }: Recipe): string {
  const names = annotators.map(annotatorName);
  const lines = [
    `Annotators: ${(mode === 'single' ? names.slice(0, 1) : names).join(', ')} (prompt ${ANNOTATE_PROMPT_VERSION}).`,
    ...(mode === 'full'
      ? [
          `GPS annotator: ${gps?.model ?? 'none'}. Segmentation: ${segmentation?.model ?? 'none'}. Meaning: ${meaning.measure}.`,
        ]
      : []),
  ];
  return lines.join(' ');
}

function funnelTable({ photos, stages, train, test, pending }: Funnel): string {
  return [
    '| stage | reached | dropped | why |',
    '| --- | --- | --- | --- |',
    ...stages.map(({ stage, reached, dropped, causes }) => {
      const why = causes.map(({ cause, count }) => `${cause}: ${count}`).join('; ');
      return `| ${stage} | ${reached} | ${dropped} | ${why} |`;
    }),
    `\nOf ${photos} photos, ${train + test} are kept${pending > 0 ? `; ${pending} were not judged because a service failed` : ''}.`,
  ].join('\n');
}

function qualityText({ gates, error, wrongPlace, hallucination }: Quality): string {
  return [
    'The truth of these photos is known. Share of kept reasonings with a wrong place',
    `${proportionText(wrongPlace)}, with a thing that is not in the photo ${proportionText(hallucination)}, with either ${proportionText(error)}.\n`,
    '| gate | looks for | precision | recall |',
    '| --- | --- | --- | --- |',
    ...gates.map(
      ({ gate, precision, recall }) =>
        `| ${gate} | ${FAULTS[gate]} | ${proportionText(precision)} | ${proportionText(recall)} |`,
    ),
    '',
  ].join('\n');
}

/** Formats a proportion as "3.1 % [2.4, 4.0] (62 of 2000)", where the brackets contain the 95 % interval. */
export function proportionText(share: Proportion | undefined): string {
  if (share === undefined) return 'none to measure';
  const { value, low, high, hits, n } = share;
  const percent = (part: number): string => (100 * part).toFixed(1);
  return `${percent(value)} % [${percent(low)}, ${percent(high)}] (${hits} of ${n})`;
}
