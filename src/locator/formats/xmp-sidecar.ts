/**
 * Writes an estimated location into an XMP sidecar: exif GPS with the radius as positioning error, city, state and
 * country, and a mark that it is an estimate. An existing sidecar is merged: everything else in it stays, and a value
 * that somebody else wrote is replaced only on request.
 */
import { DOMParser, type Document, type Element, XMLSerializer } from '@xmldom/xmldom';
import type { Coordinate } from '../../core/coordinate.ts';
import { invalidInput, messageOf } from '../../core/errors.ts';
import { ESTIMATE_MARK } from '../../image/xmp-position.ts';
import type { PhotoResult } from '../photo-result.ts';

const RDF = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#';
const XMLNS = 'http://www.w3.org/2000/xmlns/';
const NAMESPACES = {
  exif: 'http://ns.adobe.com/exif/1.0/',
  photoshop: 'http://ns.adobe.com/photoshop/1.0/',
  Iptc4xmpCore: 'http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/',
  globe: 'urn:globe-geolocation:xmp:1',
} as const;

type Prefix = keyof typeof NAMESPACES;
type Property = readonly [prefix: Prefix, name: string, value: string];

const EMPTY = `<?xpacket begin="\u{FEFF}" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="${RDF}">
  <rdf:Description rdf:about=""/>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>
`;

export type SidecarOptions = {
  /** The model that estimated the location, and the day of the export: YYYY-MM-DD. */
  readonly model: string;
  readonly date: string;
  /** Whether to replace values that are there already. */
  readonly overwrite: boolean;
  /** Whether the photo itself has a position, which a sidecar must not contradict. */
  readonly hasOwnPosition: boolean;
};

export type Sidecar =
  /** `values` says which properties the text adds to the existing text, changes in it or removes from it. */
  | { readonly kind: 'created' | 'merged'; readonly text: string; readonly values: readonly string[] }
  | { readonly kind: 'unchanged'; readonly reason: string };

/**
 * Returns the new text of a photo's sidecar. `existing` is its present text, if it has one. Throws `invalid-input` if
 * that text is not XMP.
 */
export function sidecarOf(existing: string | undefined, result: PhotoResult, options: SidecarOptions): Sidecar {
  const { overwrite } = options;
  if (result.kind !== 'located') return { kind: 'unchanged', reason: 'the photo has no location' };
  if (result.positionFrom === 'exif') return { kind: 'unchanged', reason: 'the location is the photo’s own' };
  const document = parseXmp(existing ?? EMPTY);
  const blocks = descriptionsOf(document);
  const isOurs = valueOf(blocks, 'exif', 'GPSProcessingMethod')?.startsWith(ESTIMATE_MARK) === true;
  const hasPosition =
    options.hasOwnPosition || (!isOurs && (has(blocks, 'exif', 'GPSLatitude') || has(blocks, 'exif', 'GPSLongitude')));
  const position = hasPosition && !overwrite ? [] : positionProperties(result, options);
  // The names that an earlier export wrote. A name that somebody changed since is theirs.
  const ours = new Set((valueOf(blocks, ...OUR_NAMES) ?? '').split('; ').filter((text) => text !== ''));
  const isOurName = ([prefix, name]: Key): boolean =>
    ours.has(`${name}=${encodeURIComponent(valueOf(blocks, prefix, name) ?? '')}`);
  const isFree = (key: Key): boolean => overwrite || !has(blocks, ...key) || isOurName(key);
  const names = placeProperties(result).filter(([prefix, name]) => isFree([prefix, name]));
  const written = [...position, ...names];
  const stale = [
    ...(isOurs && position.length === 0 ? POSITION : []),
    ...(position.length === 0 ? [] : ALTITUDE),
    ...PLACE.filter((key) => isOurName(key) && !names.some(([, name]) => name === key[1])),
  ].filter((key) => has(blocks, ...key));
  const changes = written.filter(([prefix, name, value]) => valueOf(blocks, prefix, name) !== value);
  if (changes.length === 0 && stale.length === 0) {
    return { kind: 'unchanged', reason: hasPosition ? 'it has a position' : 'it has these values already' };
  }
  for (const key of [...stale, OUR_NAMES]) remove(blocks, ...key);
  for (const property of written) set(blocks, property);
  if (names.length > 0) {
    const list = names.map(([, name, value]) => `${name}=${encodeURIComponent(value)}`).join('; ');
    set(blocks, [...OUR_NAMES, list]);
  }
  return {
    kind: existing === undefined ? 'created' : 'merged',
    text: new XMLSerializer().serializeToString(document),
    values: [
      ...changes.map(([prefix, name, value]) => `${prefix}:${name}=${value}`),
      ...stale.map(([prefix, name]) => `${prefix}:${name} removed`),
    ],
  };
}

type Key = readonly [prefix: Prefix, name: string];

/** The property that lists the names of places that this program wrote, with their values. */
const OUR_NAMES = ['globe', 'EstimatedNames'] as const satisfies Key;

const PLACE = [
  ['photoshop', 'City'],
  ['photoshop', 'State'],
  ['photoshop', 'Country'],
  ['Iptc4xmpCore', 'CountryCode'],
] as const satisfies readonly Key[];

/** The properties of an estimated position. They go if the new answer has no position. */
const POSITION = (
  ['GPSVersionID', 'GPSLatitude', 'GPSLongitude', 'GPSMapDatum', 'GPSHPositioningError', 'GPSProcessingMethod'] as const
).map((name): Key => ['exif', name]);

/** Properties of an earlier position, which must not remain beside a new one. */
const ALTITUDE: readonly Key[] = [
  ['exif', 'GPSAltitude'],
  ['exif', 'GPSAltitudeRef'],
];

type LocatedResult = Extract<PhotoResult, { kind: 'located' | 'refused' | 'unparseable' | 'notGeocodable' }>;

/** The centre of a region or country is not where a photo was taken, so it is not written as a position. */
function positionProperties(result: LocatedResult, { model, date }: SidecarOptions): Property[] {
  const { coordinate, granularity, radiusKm, review } = result;
  if (coordinate === undefined || granularity === 'region' || granularity === 'country') return [];
  const source = review?.decision === 'place' ? `placed by ${review.by}` : `by ${model}`;
  return [
    ['exif', 'GPSVersionID', '2.3.0.0'],
    ['exif', 'GPSLatitude', angle(coordinate, 'latitudeDegrees')],
    ['exif', 'GPSLongitude', angle(coordinate, 'longitudeDegrees')],
    ['exif', 'GPSMapDatum', 'WGS-84'],
    ...(radiusKm === undefined
      ? []
      : ([['exif', 'GPSHPositioningError', `${Math.round(radiusKm * 1000)}/1`]] as const)),
    ['exif', 'GPSProcessingMethod', `${ESTIMATE_MARK} ${source}, ${date}`],
  ];
}

function placeProperties({ place }: LocatedResult): Property[] {
  const { city, region, country, countryCode } = place ?? { country: '' };
  const values = [city, region, country, countryCode];
  return PLACE.flatMap((key, i): Property[] => {
    const value = values[i] ?? '';
    return value === '' ? [] : [[...key, value]];
  });
}

/** Formats degrees as XMP writes them: "38,43.338N". Six decimals of a minute are about 2 mm. */
function angle(at: Coordinate, axis: keyof Coordinate): string {
  const value = at[axis];
  const letter = axis === 'latitudeDegrees' ? (value < 0 ? 'S' : 'N') : value < 0 ? 'W' : 'E';
  const millionths = Math.round(Math.abs(value) * 60 * 1e6);
  const degrees = Math.floor(millionths / 60e6);
  return `${degrees},${((millionths - degrees * 60e6) / 1e6).toFixed(6)}${letter}`;
}

function parseXmp(text: string): Document {
  let problem: string | undefined;
  const parser = new DOMParser({
    onError: (level, message) => {
      if (level !== 'warning') problem ??= message;
    },
  });
  let document: Document | undefined;
  try {
    document = parser.parseFromString(text, 'text/xml');
  } catch (error) {
    problem ??= messageOf(error);
  }
  if (document !== undefined && problem === undefined && rdfOf(document) !== undefined) return document;
  throw invalidInput(
    `The sidecar is not XMP: ${problem?.split('\n')[0] ?? 'it has no rdf:RDF'}.`,
    'Repair or move the file, and export again.',
  );
}

const rdfOf = (document: Document): Element | undefined =>
  document.getElementsByTagNameNS(RDF, 'RDF').item(0) ?? undefined;

/** Returns the blocks of properties. Creates the first block in an empty sidecar. */
function descriptionsOf(document: Document): Element[] {
  const rdf = rdfOf(document)!;
  const found = [...rdf.getElementsByTagNameNS(RDF, 'Description')].filter(({ parentNode }) => parentNode === rdf);
  if (found.length > 0) return found;
  const block = document.createElementNS(RDF, 'rdf:Description');
  block.setAttributeNS(RDF, 'rdf:about', '');
  rdf.appendChild(block);
  return [block];
}

/** Returns the elements of a property. XMP may write a property as an attribute or as an element. */
const elementsOf = (block: Element, prefix: Prefix, name: string): Element[] =>
  [...block.getElementsByTagNameNS(NAMESPACES[prefix], name)].filter(({ parentNode }) => parentNode === block);

const has = (blocks: readonly Element[], prefix: Prefix, name: string): boolean =>
  valueOf(blocks, prefix, name) !== undefined;

function valueOf(blocks: readonly Element[], prefix: Prefix, name: string): string | undefined {
  for (const block of blocks) {
    if (block.hasAttributeNS(NAMESPACES[prefix], name)) return block.getAttributeNS(NAMESPACES[prefix], name) ?? '';
    const [element] = elementsOf(block, prefix, name);
    if (element !== undefined) return element.textContent ?? '';
  }
  return undefined;
}

function remove(blocks: readonly Element[], prefix: Prefix, name: string): void {
  for (const block of blocks) {
    block.removeAttributeNS(NAMESPACES[prefix], name);
    for (const element of elementsOf(block, prefix, name)) block.removeChild(element);
  }
}

function set(blocks: readonly Element[], [prefix, name, value]: Property): void {
  remove(blocks, prefix, name);
  const block = blocks[0]!;
  const bound = block.lookupPrefix(NAMESPACES[prefix]) ?? prefix;
  if (block.lookupNamespaceURI(bound) !== NAMESPACES[prefix])
    block.setAttributeNS(XMLNS, `xmlns:${bound}`, NAMESPACES[prefix]);
  block.setAttributeNS(NAMESPACES[prefix], `${bound}:${name}`, value);
}
