/** `globe geocode`: finds representative coordinates of places. */
import Table from 'cli-table3';
import { Command } from 'commander';
import { defined } from '../../core/defined.ts';
import { GlobeError, invalidInput } from '../../core/errors.ts';
import type { Coordinate } from '../../core/coordinate.ts';
import type { Correction, MatchedBy, Place } from '../../core/place.ts';
import { placeText } from '../../core/place-text.ts';
import type { GeocodeCandidate, GeocodeResult, OfflineGazetteer } from '../../gazetteer/gazetteer.ts';
import { openGazetteer } from '../../gazetteer/open.ts';
import { columnsOf, parseColumnOptions } from '../../storage/named-columns.ts';
import { type GeocoderOptions, openGeocoder, withGeocoderOptions } from '../geocode/open-geocoder.ts';
import { collect } from '../option-values.ts';
import { interruptSignal, print, printJsonArray } from '../output.ts';

const ROLES = ['city', 'region', 'country'];

type Options = GeocoderOptions & {
  readonly file?: string;
  readonly column?: readonly string[];
  readonly json?: true;
};

export function command(): Command {
  const geocode = new Command('geocode')
    .description('Find the coordinates of places: "City, Country" as arguments, or the rows of a table.')
    .argument('[place...]', 'places in free text, e.g. "Kyiv, Ukraine"')
    .option('--file <table>', 'table of places (.csv, .tsv or .jsonl)')
    .option('--column <role=header>', `map a role (${ROLES.join(', ')}) to a column; repeatable`, collect);
  return withGeocoderOptions(geocode).option('--json', 'print a JSON array, in input order').action(run);
}

async function run(texts: readonly string[], options: Options): Promise<void> {
  if ((texts.length === 0) === (options.file === undefined)) {
    throw invalidInput('Give either places or --file.', 'For example: globe geocode "Kyiv, Ukraine"');
  }
  using interrupt = interruptSignal();
  const gazetteer = openGazetteer();
  const geocoder = await openGeocoder(gazetteer, options);
  let missing = 0;
  async function* results(): AsyncGenerator<Printed> {
    for await (const { query, place } of queries(texts, { gazetteer, options })) {
      const result = await geocoder.geocode(place, { signal: interrupt.signal });
      if (result.kind === 'notFound') missing++;
      yield printed(query, result);
    }
  }
  if (options.json) await printJsonArray(results());
  else await printTable(results());
  // The error sets the exit code, from which scripts see that a place was not found.
  if (missing > 0) {
    const places = missing === 1 ? '1 place was' : `${missing} places were`;
    throw new GlobeError({ code: 'not-found', message: `${places} not found.`, hint: 'The output says why for each.' });
  }
}

type Query = { readonly query: string; readonly place: Place };

async function* queries(
  texts: readonly string[],
  { gazetteer, options }: { readonly gazetteer: OfflineGazetteer; readonly options: Options },
): AsyncGenerator<Query> {
  for (const query of texts) yield { query, place: gazetteer.splitPlace(query) ?? { country: '' } };
  if (options.file === undefined) return;
  const { column = [] } = options;
  const columns = parseColumnOptions(column, ROLES);
  // With --column, only the columns that it names are required, so that a table of countries is valid too.
  const required = column.length === 0 ? ['city', 'country'] : Object.keys(columns);
  const optional = column.length === 0 ? ['region'] : [];
  for await (const cells of columnsOf(options.file, { columns, required, optional })) {
    const place = placeOfCells(cells);
    yield { query: placeText(place, { region: true }), place };
  }
}

/** Makes a place from the cells `city`, `region` and `country`. Empty cells are left out. */
function placeOfCells({ city = '', region = '', country = '' }: Record<string, string>): Place {
  return { country, ...(region !== '' && { region }), ...(city !== '' && { city }) };
}

type PrintedCandidate = Omit<GeocodeCandidate, 'coordinate'> & Coordinate;

/** A result as it is printed. The coordinates are null if nothing was found. */
type Printed = {
  readonly query: string;
  readonly kind: GeocodeResult['kind'];
  readonly place: Place | null;
  readonly latitudeDegrees: number | null;
  readonly longitudeDegrees: number | null;
  readonly matchedBy: MatchedBy | null;
  readonly candidates: readonly PrintedCandidate[];
  /** Absent if the position is that of a city. */
  readonly granularity?: 'region' | 'country';
  /** The reason why nothing was found, or why the position is that of a coarser place than the query. */
  readonly reason?: string;
  readonly corrected?: Correction;
};

const NOTHING = {
  place: null,
  latitudeDegrees: null,
  longitudeDegrees: null,
  matchedBy: null,
  candidates: [],
} as const;

function printed(query: string, result: GeocodeResult): Printed {
  if (result.kind === 'notFound') return { query, kind: result.kind, ...NOTHING, reason: result.reason };
  const { kind, place, coordinate, matchedBy, granularity, note, corrected } = result;
  return {
    query,
    kind,
    place,
    ...coordinate,
    matchedBy,
    candidates: result.candidates.map(({ coordinate, ...candidate }) => ({ ...candidate, ...coordinate })),
    ...(granularity !== 'city' && { granularity }),
    ...defined({ reason: note, corrected }),
  };
}

async function printTable(results: AsyncIterable<Printed>): Promise<void> {
  const head = ['query', 'place', 'latitude', 'longitude', 'known to', 'matched by'];
  const table = new Table({ head, style: { head: [], border: [] } });
  const remarks: string[] = [];
  for await (const row of results) {
    const { query, place, latitudeDegrees, longitudeDegrees, granularity, matchedBy } = row;
    const found = place === null ? 'not found' : placeText(place, { region: true });
    const degrees = [latitudeDegrees, longitudeDegrees].map((value) => value?.toFixed(4) ?? '');
    table.push([shown(query), found, ...degrees, place === null ? '' : (granularity ?? 'city'), matchedBy ?? '']);
    for (const remark of remarksOn(row)) remarks.push(`${shown(query)}: ${remark}`);
  }
  print([table.toString(), ...remarks].join('\n'));
}

/**
 * Yields remarks that the table cannot show: the reason, a corrected typing error, and other large places with the same
 * name.
 */
function* remarksOn({ reason, corrected, candidates }: Printed): Iterable<string> {
  if (reason !== undefined) yield reason;
  if (corrected !== undefined) yield `Read “${corrected.written}” as “${corrected.read}”.`;
  const others = candidates.slice(1).filter(({ population }) => population >= MIN_POPULATION_SHOWN);
  if (others.length > 0)
    yield `Other places of the name: ${others.map(({ place }) => placeText(place, { region: true })).join('; ')}.`;
}

/** Minimum population of other places with the same name that are listed below the table. --json lists all of them. */
const MIN_POPULATION_SHOWN = 15_000;

/**
 * Maximum length of a query in the table. The widest cell sets the table's width, so longer queries are cut. --json
 * prints whole queries.
 */
const MAX_SHOWN = 60;

const shown = (query: string): string => (query.length <= MAX_SHOWN ? query : `${query.slice(0, MAX_SHOWN - 1)}…`);
