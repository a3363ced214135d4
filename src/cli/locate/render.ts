/** Renders the results of a run in the formats of `globe locate` and `globe export`, and writes them. */
import { readFile } from 'node:fs/promises';
import { dirname, join, parse } from 'node:path';
import { defined } from '../../core/defined.ts';
import { printable } from '../../core/printable.ts';
import { formatCsv, geoJsonParts, jsonParts } from '../../locator/formats/format-data.ts';
import { formatHtml, formatHtmlPages } from '../../locator/formats/format-html.ts';
import { formatGpx, formatKml } from '../../locator/formats/format-maps.ts';
import { formatText } from '../../locator/formats/format-text.ts';
import type { LocatedPhoto } from '../../locator/locate-photos.ts';
import type { PhotoResult } from '../../locator/photo-result.ts';
import type { PhotoRun } from '../../locator/run/run-files.ts';
import { inlineThumbnails, photosOf } from '../../locator/run/run-results.ts';
import { withoutSecrets } from '../../service/redact.ts';
import { writeOutputFile } from '../../storage/output-file.ts';
import { addUsage, costOf, NO_USAGE } from '../../vision/cost.ts';
import type { Cost, Price } from '../../vision/cost.ts';
import type { Usage } from '../../vision/vision-model.ts';
import { writeStdout } from '../output.ts';

export const RESULT_FORMATS = ['text', 'json', 'geojson', 'csv', 'html'] as const;
export type ResultFormat = (typeof RESULT_FORMATS)[number];

/** The formats of one file. */
export const EXPORT_FORMATS = [...RESULT_FORMATS, 'kml', 'gpx'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export type RenderOptions = {
  readonly keepFormulas: boolean;
  readonly price?: Price | undefined;
};

/** Renders the whole output as one text. */
async function render(format: ExportFormat, run: PhotoRun, options: RenderOptions): Promise<string | Iterable<string>> {
  const photos = photosOf(run);
  const results = photos.map(({ result }) => result);
  switch (format) {
    case 'text':
      return `${results.map(formatText).join('\n')}\n`;
    case 'json': {
      const { command: _, ...protocol } = run.options;
      const { usage, cost } = costOfResults(results, options.price);
      const list = { key: 'results', items: results, valueOf: (result: PhotoResult) => result };
      return jsonParts({ protocol }, list, { usage, ...defined({ cost }) });
    }
    case 'geojson':
      return geoJsonParts(results);
    case 'csv':
      return formatCsv(results, options);
    case 'kml':
      return formatKml(results, { model: String(run.options['model']) });
    case 'gpx':
      return formatGpx(results, { model: String(run.options['model']) });
    case 'html':
      return formatHtml(await inlineThumbnails(run.folder, photos), { about: aboutOf(run) });
  }
  return format satisfies never;
}

export function costOfResults(
  results: readonly PhotoResult[],
  price: Price | undefined,
): { readonly usage: Usage; readonly cost?: Cost } {
  const usage = results.reduce(
    (sum, result) => (result.kind === 'failed' ? sum : addUsage(sum, result.usage ?? NO_USAGE)),
    NO_USAGE,
  );
  return price === undefined ? { usage } : { usage, cost: costOf(usage, price) };
}

/** Names of the results that a named run keeps in its folder. */
const KEPT_RESULTS = { json: 'results.json', geojson: 'results.geojson', csv: 'results.csv' } as const;

/** Writes the results of a named run into its folder. Returns the names of the main files. */
export async function writeRunResults(run: PhotoRun, options: RenderOptions): Promise<string[]> {
  for (const [format, name] of Object.entries(KEPT_RESULTS)) {
    await writeOutputFile(join(run.folder, name), await render(format as ResultFormat, run, options));
  }
  const pages = formatHtmlPages(photosOf(run), { about: aboutOf(run), stem: 'results' });
  for (const { name, html } of pages) await writeOutputFile(join(run.folder, name), html);
  return [...Object.values(KEPT_RESULTS), 'results.html'];
}

/** Pages with at most this many photos have their pictures inside, so that they are one file. */
const MAX_INLINE_PHOTOS = 100;

/** Writes the output to a file, or to stdout. A page with many photos has its pictures in a folder beside it. */
export async function deliver(
  format: ExportFormat,
  run: PhotoRun,
  { output, ...options }: RenderOptions & { readonly output?: string | undefined },
): Promise<void> {
  if (output === undefined) {
    const rendered = await render(format, run, options);
    const text = typeof rendered === 'string' ? rendered : [...rendered].join('');
    // A terminal executes control characters. JSON and GeoJSON escape them, but the other formats do not.
    await writeStdout(withoutSecrets(process.stdout.isTTY ? printable(text) : text));
  } else if (format === 'html' && run.records.length > MAX_INLINE_PHOTOS) {
    await writePages(run, output);
  } else await writeOutputFile(output, await render(format, run, options));
}

async function writePages(run: PhotoRun, output: string): Promise<void> {
  const { dir, name: stem } = parse(output);
  const folder = `${stem}-pictures`;
  const photos: LocatedPhoto[] = [];
  const written = new Set<string>();
  for (const photo of photosOf(run)) {
    const { thumbnail } = photo;
    if (thumbnail === undefined) photos.push(photo);
    else {
      const name = parse(thumbnail).base;
      if (!written.has(name)) await copyPicture(join(run.folder, thumbnail), join(dir, folder, name));
      written.add(name);
      photos.push({ ...photo, thumbnail: `${folder}/${name}` });
    }
  }
  for (const { name, html } of formatHtmlPages(photos, { about: aboutOf(run), stem })) {
    await writeOutputFile(name === `${stem}.html` ? output : join(dirname(output), name), html);
  }
}

async function copyPicture(from: string, to: string): Promise<void> {
  await writeOutputFile(to, await readFile(from));
}

function aboutOf({ options }: PhotoRun): string {
  const samples = Number(options['samples'] ?? 1);
  const answers = samples === 1 ? 'one answer per photo' : `${samples} answers per photo, by vote`;
  return `Answers by ${String(options['model'])}, ${answers}.`;
}
