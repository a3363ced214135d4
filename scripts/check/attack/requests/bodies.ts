/** Generates bodies of scoring requests: valid bodies, and bodies with mutated values or bytes. */
import fc from 'fast-check';
import { locateTarget } from '../../../../src/prompts/locate-prompt.ts';
import { jsonText, mutatedBytes, mutatedJson } from './json.ts';

const PIECES = [
  '<think>',
  '</think>',
  '<answer>',
  '</answer>',
  'country: ',
  '\ncity: ',
  '```json\n',
  '| a | b |\n|---|---|\n',
  '{"country": "',
  '\\boxed{',
  '48.85, 2.29',
  '\u2028',
  '\u0000',
  '\u202E',
  '\r\n',
  '\t',
  '"',
  'Paris',
  'France',
  '東京',
  '🇫🇷',
];

/**
 * Texts in every script. They can contain control characters, combining characters, repeated pieces and the tags of
 * answers.
 */
const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 100 }),
  fc.string({ unit: 'binary', maxLength: 100 }),
  fc.array(fc.constantFrom(...PIECES), { maxLength: 30 }).map((pieces) => pieces.join('')),
  fc.tuple(fc.constantFrom(...PIECES), fc.integer({ min: 1, max: 2000 })).map(([piece, count]) => piece.repeat(count)),
);

const place = fc.constantFrom(
  { country: 'Finland', city: 'Helsinki' },
  { country: 'France', city: 'Paris' },
  { country: 'Japan', city: 'Tokyo' },
  { country: 'Atlantis', city: 'Nowhere' },
);

const completion: fc.Arbitrary<unknown> = fc.oneof(
  fc.tuple(anyText, place).map(([reasoning, named]) => locateTarget({ reasoning, ...named })),
  anyText,
  fc.array(fc.record({ role: fc.constantFrom('user', 'assistant', null), content: anyText }), {
    minLength: 1,
    maxLength: 3,
  }),
);

const solution: fc.Arbitrary<unknown> = fc.oneof(
  place,
  place.map(({ country, city }) => `${country}\t${city}`),
  place.map(({ country, city }) => `<country>${country}</country><city>${city}</city>`),
  anyText,
);

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** Images in the folder, images in the request, and references to images that are missing or invalid. */
const image: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(
    { id: 'photo' },
    { path: 'photo.png' },
    { base64: PIXEL },
    { base64: `data:image/png;base64,${PIXEL}` },
    { bytes: PIXEL, path: null },
    { base64: PIXEL.slice(0, 60) },
    { base64: base64('<svg xmlns="http://www.w3.org/2000/svg" width="90000" height="90000"/>') },
    { base64: base64('GIF89a') },
    { path: '../../../../etc/passwd' },
    { path: '/etc/passwd' },
    { id: '..' },
  ),
  anyText.filter((text) => text !== '').map((id) => ({ id })),
);

const validRow = fc.record(
  {
    id: fc.oneof(fc.string({ unit: 'grapheme' }), fc.integer()),
    completion,
    solution,
    sample_id: fc.oneof(fc.constant(null), fc.constantFrom('a', 'b', 3)),
    coordinate: fc.record({
      latitude: fc.double({ min: -90, max: 90, noNaN: true }),
      longitude: fc.double({ min: -180, max: 180, noNaN: true }),
    }),
    elements: fc.array(fc.record({ label: anyText }), { maxLength: 5 }),
    entities: fc.array(fc.oneof(anyText, fc.record({ text: anyText })), { maxLength: 5 }),
    texts: fc.array(anyText, { maxLength: 3 }),
    images: fc.array(image, { maxLength: 1 }),
    finish_reason: fc.constantFrom('stop', 'length', null),
    completion_tokens: fc.nat(),
  },
  { requiredKeys: ['id', 'completion', 'solution'] },
);

export type ScoreBody = {
  readonly rows: readonly { readonly id: string | number }[];
  readonly detail?: boolean;
};

/** A valid request. The service must return one row, scored or unscored, for each of its rows. */
export const validScore: fc.Arbitrary<ScoreBody> = fc.record(
  {
    rows: fc.oneof(
      { weight: 20, arbitrary: fc.array(validRow, { minLength: 1, maxLength: 4 }) },
      {
        weight: 1,
        arbitrary: fc.tuple(validRow, fc.integer({ min: 1, max: 300 })).map(([row, n]) => Array(n).fill(row)),
      },
    ),
    detail: fc.boolean(),
  },
  { requiredKeys: ['rows'] },
);

const validOpenRlhf = fc.array(validRow, { minLength: 1, maxLength: 3 }).map((rows) => ({
  query: rows.map((row) => `Where? ${typeof row.completion === 'string' ? row.completion : 'Paris'}`),
  prompts: rows.map(() => 'Where? '),
  labels: rows.map((row) => JSON.stringify({ ...row, id: undefined, completion: undefined })),
}));

const anyDocument: fc.Arbitrary<unknown> = fc.oneof(validScore, validOpenRlhf);

/** Bodies that are mostly invalid. */
export const hostileBody: fc.Arbitrary<Buffer> = fc.oneof(
  { weight: 6, arbitrary: mutatedJson(anyDocument).map((value) => Buffer.from(jsonText(value))) },
  { weight: 2, arbitrary: mutatedBytes(anyDocument.map(jsonText)) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)) },
  { weight: 1, arbitrary: fc.constant(Buffer.alloc(0)) },
);

/** A body that is too large for a service with `--max-body 1`. */
export const largeBody: fc.Arbitrary<Buffer> = fc
  .integer({ min: 1_000_000, max: 1_300_000 })
  .map((bytes) => Buffer.from(`{"rows":[{"id":1,"completion":"${'a'.repeat(bytes)}","solution":"France"}]}`));

export const openRlhfBody: fc.Arbitrary<Buffer> = validOpenRlhf.map((body) => Buffer.from(JSON.stringify(body)));
