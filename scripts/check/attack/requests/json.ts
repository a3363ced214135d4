/**
 * Writes JSON without JSON.stringify, so that it can contain numbers, texts and nesting that JSON.stringify never
 * writes.
 */
import fc from 'fast-check';

/** A piece of JSON text that is written unchanged. */
export class RawJson {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export function jsonText(value: unknown): string {
  if (value instanceof RawJson) return value.text;
  if (Array.isArray(value)) return `[${value.map(jsonText).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).filter(([, field]) => field !== undefined);
    return `{${fields.map(([key, field]) => `${JSON.stringify(key)}:${jsonText(field)}`).join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}

const NUMBERS = ['1e999', '-1e999', '1e-999', '-0', '0.1e1', '12345678901234567890123', '1.7976931348623157e308'];
const STRINGS = ['"\\ud800"', '"\\udc00\\ud800"', '"\\u0000"', '"\\u2028"', '"\uFEFF"', '"\\/"', '"__proto__"'];
const INVALID = ['NaN', 'Infinity', '', '01', "'a'", 'undefined', '{"a":1,}', '"\n"', '{"a":1,"a":2}', '/* */1'];
const OBJECTS = ['{"__proto__":{"a":1}}', '{"constructor":{"prototype":{"a":1}}}', '{"toString":1}', '{"length":-1}'];

const raw: fc.Arbitrary<RawJson> = fc
  .constantFrom(...NUMBERS, ...STRINGS, ...INVALID, ...OBJECTS)
  .map((text) => new RawJson(text));

/** Lists or objects, nested as deeply as a body of 100 kB allows. */
const deep: fc.Arbitrary<RawJson> = fc
  .tuple(fc.constantFrom(['[', ']'], ['{"a":', '}'], ['[{"":', '}]']), fc.integer({ min: 1, max: 20_000 }))
  .map(([[open, close], depth]) => new RawJson(`${open.repeat(depth)}1${close.repeat(depth)}`));

/** Any JSON value, or a text that is not JSON. */
export const anyJson: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 6, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  { weight: 4, arbitrary: raw },
  { weight: 2, arbitrary: fc.double() },
  { weight: 1, arbitrary: deep },
);

type Place = { readonly holder: Record<string, unknown>; readonly key: string };

/** Lists every value in a document, with the object or list that contains it. */
function placesIn(value: unknown): Place[] {
  if (typeof value !== 'object' || value === null || value instanceof RawJson) return [];
  const holder = value as Record<string, unknown>;
  return Object.keys(holder).flatMap((key) => [{ holder, key }, ...placesIn(holder[key])]);
}

type Change = { readonly place: number; readonly change: 'replace' | 'remove' | 'rename'; readonly by: unknown };

function changed(document: unknown, changes: readonly Change[]): unknown {
  const copy = structuredClone(document);
  for (const { place, change, by } of changes) {
    const places = placesIn(copy);
    if (places.length === 0) return by;
    const { holder, key } = places[place % places.length]!;
    if (change === 'replace') holder[key] = by;
    else if (change === 'remove') delete holder[key];
    else if (!Array.isArray(holder)) Object.assign(holder, { [`${key}_`]: holder[key] });
  }
  return copy;
}

/** Generates documents in which some values are replaced, removed or renamed. */
export const mutatedJson = (document: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc
    .tuple(
      document,
      fc.array(
        fc.record({ place: fc.nat(), change: fc.constantFrom('replace', 'replace', 'remove', 'rename'), by: anyJson }),
        { minLength: 1, maxLength: 3 },
      ),
    )
    .map(([value, changes]) => changed(value, changes as Change[]));

/** Generates texts in which some bytes are replaced, removed or repeated. */
export const mutatedBytes = (text: fc.Arbitrary<string>): fc.Arbitrary<Buffer> =>
  fc
    .tuple(
      text,
      fc.array(fc.record({ at: fc.nat(), length: fc.nat({ max: 12 }), by: fc.uint8Array({ maxLength: 6 }) }), {
        minLength: 1,
        maxLength: 4,
      }),
    )
    .map(([original, edits]) => {
      let bytes = Buffer.from(original);
      for (const { at, length, by } of edits) {
        const start = at % (bytes.length + 1);
        bytes = Buffer.concat([bytes.subarray(0, start), by, bytes.subarray(start + length)]);
      }
      return bytes;
    });
