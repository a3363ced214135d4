/** `globe geocode`: places to representative coordinates. */
import Table from 'cli-table3';
import { Command, Option } from 'commander';
import { invalidInput } from '../../core/errors.ts';
import type { Place } from '../../core/place.ts';
import type { GeocodeResult, OfflineGazetteer } from '../../gazetteer/gazetteer.ts';
import { openGazetteer } from '../../gazetteer/open.ts';
import { openGeocoder, type Provider, PROVIDERS } from '../geocode/open-geocoder.ts';
import { columnsOf, describePlace, parseColumns, placeOfCells } from '../geocode/place-rows.ts';
import { interruptSignal, print, printJsonArray } from '../output.ts';

const ROLES = ['city', 'region', 'country'];

type Options = {
  readonly file?: string;
  readonly column: readonly string[];
  readonly provider: Provider;
  readonly endpoint?: string;
  readonly cache: string | boolean;
  readonly json?: true;
};

export function command(): Command {
  return new Command('geocode')
    .description('Find the coordinates of places: "City, Country" as arguments, or the rows of a table.')
    .argument('[place...]', 'places in free text, e.g. "Kyiv, Ukraine"')
    .option('--file <table>', 'a .csv, .tsv or .jsonl file of places')
    .option('--column <role=header>', `which column is the ${ROLES.join(', ')}`, collect, [])
    .addOption(new Option('--provider <name>', 'who looks the places up').choices(PROVIDERS).default('gazetteer'))
    .option('--endpoint <url>', "another address of the provider's service")
    .option('--cache <folder>', 'where answers of remote providers are kept (default: ~/.cache/globe)')
    .option('--no-cache', 'ask a remote provider every time')
    .option('--json', 'print a JSON array, in the order of the input')
    .action(run);
}

async function run(texts: readonly string[], options: Options): Promise<void> {
  if ((texts.length === 0) === (options.file === undefined)) {
    throw invalidInput('Give either places or --file.', 'For example: globe geocode "Kyiv, Ukraine"');
  }
  using interrupt = interruptSignal();
  const gazetteer = openGazetteer();
  const { provider, endpoint, cache } = options;
  const geocoder = await openGeocoder(gazetteer, {
    provider,
    ...(endpoint !== undefined && { endpoint }),
    ...(cache !== true && { cache }),
  });
  async function* results(): AsyncGenerator<ReturnType<typeof record>> {
    for await (const { query, place } of queries(texts, { gazetteer, options })) {
      yield record(query, await geocoder.geocode(place, { signal: interrupt.signal }));
    }
  }
  if (options.json) await printJsonArray(results());
  else await printTable(results());
}

type Query = { readonly query: string; readonly place: Place };

async function* queries(
  texts: readonly string[],
  { gazetteer, options }: { readonly gazetteer: OfflineGazetteer; readonly options: Options },
): AsyncGenerator<Query> {
  for (const query of texts) yield { query, place: gazetteer.splitPlace(query) ?? { country: '' } };
  if (options.file === undefined) return;
  const columns = parseColumns(options.column, ROLES);
  // Where columns are named, those are meant and no others; a list of countries alone is a list of places too.
  const required = options.column.length === 0 ? ['city', 'country'] : Object.keys(columns);
  const optional = options.column.length === 0 ? ['region'] : [];
  for await (const cells of columnsOf(options.file, { columns, required, optional })) {
    const place = placeOfCells(cells);
    yield { query: describePlace(place), place };
  }
}

/** One result as it is printed: coordinates flat, null where nothing was found. */
function record(query: string, result: GeocodeResult) {
  if (result.kind === 'notFound') {
    const { kind, reason } = result;
    const nothing = { place: null, latitudeDegrees: null, longitudeDegrees: null, matchedBy: null, candidates: [] };
    return { query, kind, ...nothing, granularity: null, note: reason };
  }
  const { kind, place, coordinate, matchedBy, granularity, note } = result;
  const candidates = result.candidates.map(({ coordinate, ...candidate }) => ({ ...candidate, ...coordinate }));
  return { query, kind, place, ...coordinate, matchedBy, candidates, granularity, note: note ?? null };
}

async function printTable(records: AsyncIterable<ReturnType<typeof record>>): Promise<void> {
  const table = new Table({
    head: ['query', 'place', 'latitude', 'longitude', 'known to', 'matched by'],
    style: { head: [], border: [] },
  });
  const notes: string[] = [];
  for await (const { query, place, latitudeDegrees, longitudeDegrees, granularity, matchedBy, note } of records) {
    const found = place === null ? 'not found' : describePlace(place);
    const degrees = [latitudeDegrees, longitudeDegrees].map((value) => value?.toFixed(4) ?? '');
    table.push([query, found, ...degrees, granularity ?? '', matchedBy ?? '']);
    if (note !== null) notes.push(`${query}: ${note}`);
  }
  print([table.toString(), ...notes].join('\n'));
}

function collect(value: string, before: readonly string[]): string[] {
  return [...before, value];
}
