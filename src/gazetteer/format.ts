/**
 * Layout of the file build/gazetteer.bin, which is written by scripts/build/build-gazetteer.ts and read by open.ts.
 *
 *   bytes 0-7    "GLOBEGAZ"
 *   bytes 8-11   format version (u32, little endian, like every number in the file)
 *   bytes 12-15  length H of the header in bytes
 *   bytes 16-47  SHA-256 of everything from byte 48 to the end
 *   bytes 48-    header: JSON (see Header), H bytes; then zeros up to a multiple of 8
 *   then         the sections, each at its offset (a multiple of 8, counted from the start of the file)
 *
 * The sections are plain arrays, which are used without copying. A row is a populated place or a region. Row numbers
 * link the sections. Sections by row:
 *   geonameId        u32  GeoNames id; 0 if unknown and for regions
 *   latitude         i32  in 1e-5 degrees, like longitude
 *   population       u32
 *   country          u8   index in header.countries
 *   feature          u8   index in header.features
 *   admin1, admin2   u32  row of the region, plus 1; 0 for none
 *   city             u32  row of the city that the row is a part of, plus 1; 0 for none
 *   nameEnd          u32  end of the row's name in `name` (UTF-8, concatenated)
 * Sections by name, ascending by hash:
 *   indexHash        f64  hashName of the folded name
 *   indexRow         u32  row; the top bit marks an alternate name
 * Sections of the folded names that the edit search compares, sorted by country, first letter and length. The entries
 * of a country start at its `fuzzy` in header.countries:
 *   fuzzyRow, fuzzyLetters, fuzzyEnd u32; fuzzyKey u16; fuzzyText
 * Names of countries in every language, ascending by hash:
 *   countryHash f64; countryOf u8
 * Borders:
 *   borderPoint i32 (longitude and latitude, in 1e-5 degrees); borderEnd u32 by ring, in points; borderCountry u8 by ring
 */
import { createHash } from 'node:crypto';
import { GlobeError } from '../core/errors.ts';

const FORMAT_VERSION = 6;
/** Top bit of indexRow: set if the name is an alternate name of its row. */
export const ALTERNATE = 0x80000000;

const MAGIC = 'GLOBEGAZ';
const HASHED_FROM = 48;
const REMEDY = 'Run `npm run build:gazetteer`.';

const TYPES = { u8: Uint8Array, u16: Uint16Array, u32: Uint32Array, i32: Int32Array, f64: Float64Array } as const;

/** Element type of each section. */
const SECTIONS = {
  geonameId: 'u32',
  latitude: 'i32',
  longitude: 'i32',
  population: 'u32',
  country: 'u8',
  feature: 'u8',
  admin1: 'u32',
  admin2: 'u32',
  city: 'u32',
  nameEnd: 'u32',
  name: 'u8',
  indexHash: 'f64',
  indexRow: 'u32',
  fuzzyRow: 'u32',
  fuzzyLetters: 'u32',
  fuzzyKey: 'u16',
  fuzzyEnd: 'u32',
  fuzzyText: 'u8',
  countryHash: 'f64',
  countryOf: 'u8',
  borderPoint: 'i32',
  borderEnd: 'u32',
  borderCountry: 'u8',
} as const;

type SectionName = keyof typeof SECTIONS;
export type Sections = { readonly [Name in SectionName]: InstanceType<(typeof TYPES)[(typeof SECTIONS)[Name]]> };

export type CountryRecord = {
  readonly code: string;
  /** English short name. */
  readonly name: string;
  /** Representative point: the place with the least population-weighted distance to all places of the country. */
  readonly latitudeDegrees: number;
  readonly longitudeDegrees: number;
  /** Total population of the country's places. */
  readonly population: number;
  /**
   * Index of the country's first entry in the fuzzy sections. The country's entries end where the entries of the next
   * country start.
   */
  readonly fuzzy: number;
  /** English names, folded. */
  readonly english: readonly string[];
};

type Header = {
  /** Number of rows that are populated places. Rows from this number on are regions. */
  readonly places: number;
  readonly countries: readonly CountryRecord[];
  /** GeoNames feature codes; 'ADM1' and 'ADM2' are regions. */
  readonly features: readonly string[];
  /** Row of each first-level region by GeoNames code ('US.CA'). */
  readonly admin1: Readonly<Record<string, number>>;
  /** Names and versions of the source packages. */
  readonly sources: Readonly<Record<string, string>>;
};

export type GazetteerData = Header & {
  readonly sections: Sections;
  /** First 12 hexadecimal digits of the content's SHA-256. */
  readonly contentHash: string;
};

type StoredHeader = Header & {
  readonly offsets: Readonly<Record<SectionName, readonly [offset: number, length: number]>>;
};

const roundUp = (bytes: number): number => Math.ceil(bytes / 8) * 8;
const sectionNames = Object.keys(SECTIONS) as SectionName[];

/** Encodes the gazetteer as the bytes of its file. The same content always produces the same bytes. */
export function encodeGazetteer(header: Header, sections: Sections): Uint8Array {
  // The header contains the offsets, and the offsets depend on the header's length. The first layout estimates that
  // length; the second uses a padded header of fixed length.
  const layout = (headerLength: number): { stored: string; end: number } => {
    let end = roundUp(HASHED_FROM + headerLength);
    const offsets = Object.fromEntries(
      sectionNames.map((name) => {
        const offset = end;
        end += roundUp(sections[name].byteLength);
        return [name, [offset, sections[name].length]];
      }),
    );
    return { stored: JSON.stringify({ ...header, offsets }), end };
  };
  const headerLength = Buffer.byteLength(layout(0).stored) + 256;
  const { stored, end } = layout(headerLength);
  const bytes = Buffer.alloc(end);
  bytes.write(MAGIC, 0, 'latin1');
  bytes.writeUInt32LE(FORMAT_VERSION, 8);
  bytes.writeUInt32LE(headerLength, 12);
  bytes.fill(' ', HASHED_FROM, HASHED_FROM + headerLength);
  bytes.write(stored, HASHED_FROM, 'utf8');
  const { offsets } = JSON.parse(stored) as StoredHeader;
  for (const name of sectionNames) {
    const { buffer, byteOffset, byteLength } = sections[name];
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), offsets[name][0]);
  }
  contentHash(bytes).copy(bytes, 16);
  return bytes;
}

const contentHash = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes.subarray(HASHED_FROM)).digest();

/**
 * Decodes the bytes without copying them. Throws `invalid-input` if the version is not supported or the content is
 * damaged.
 */
export function decodeGazetteer(file: Buffer, path: string): GazetteerData {
  const unusable = (what: string): GlobeError =>
    new GlobeError({ code: 'invalid-input', message: `The gazetteer file ${path} ${what}.`, hint: REMEDY });
  // Typed arrays need aligned memory. A small buffer from Node's pool may start at an unaligned offset.
  const bytes = file.byteOffset % 8 === 0 ? file : Buffer.from(new Uint8Array(file).buffer);
  if (bytes.length < HASHED_FROM || bytes.toString('latin1', 0, 8) !== MAGIC)
    throw unusable('is not in the gazetteer format');
  const version = bytes.readUInt32LE(8);
  if (version !== FORMAT_VERSION)
    throw unusable(`has format version ${version}, but this program needs version ${FORMAT_VERSION}`);
  const hash = contentHash(bytes);
  if (!hash.equals(bytes.subarray(16, HASHED_FROM))) throw unusable('is damaged: its content hash does not match');
  const header = JSON.parse(bytes.toString('utf8', HASHED_FROM, HASHED_FROM + bytes.readUInt32LE(12))) as StoredHeader;
  const sections = Object.fromEntries(
    sectionNames.map((name) => {
      const [offset, length] = header.offsets[name];
      return [name, new TYPES[SECTIONS[name]](bytes.buffer as ArrayBuffer, bytes.byteOffset + offset, length)];
    }),
  ) as Sections;
  const { places, countries, features, admin1, sources } = header;
  return { places, countries, features, admin1, sources, sections, contentHash: hash.toString('hex', 0, 6) };
}

/** Creates the error for a missing gazetteer file. */
export function missingGazetteer(path: string): GlobeError {
  return new GlobeError({ code: 'not-found', message: `The gazetteer file ${path} does not exist.`, hint: REMEDY });
}
