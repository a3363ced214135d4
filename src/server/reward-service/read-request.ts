/**
 * Reads the body of a scoring request: parses the JSON, checks the schema, and decodes the images. The functions are
 * pure, so that a thread can run them.
 */
import { createHash } from 'node:crypto';
import {
  openRlhfRequestSchema,
  problemOf,
  type RowReading,
  rowSchema,
  scoreRequestSchema,
  type SentRow,
} from './request-schema.ts';

/** The request format of `/v1/score` ('score') or of `/get_reward` ('openrlhf'). */
export type RequestFormat = 'score' | 'openrlhf';

/** An image that was sent in the request. */
export type SentImage = { readonly bytes: Uint8Array<ArrayBuffer>; readonly sha256: string };
export type ImageReference = { readonly id: string } | { readonly path: string } | SentImage;

export type RewardRow = Omit<SentRow, 'images'> & { readonly image?: ImageReference };

export type RequestBody =
  | { readonly kind: 'rows'; readonly rows: readonly RowReading<RewardRow>[]; readonly detail: boolean }
  /** Status 400 if the request does not match the schema, 413 if it has too many values. */
  | { readonly kind: 'invalid'; readonly error: string; readonly status: 400 | 413 };

/**
 * Maximum number of JSON values in a request. Without this limit, 64 MiB of empty lists would take gigabytes of memory.
 * A request of 10,000 rows with a hundred values each has only a million values.
 */
export const MAX_JSON_VALUES = 2_000_000;

const TOO_MANY_VALUES = {
  kind: 'invalid',
  error: `The request has more than ${MAX_JSON_VALUES} JSON values. Split it into smaller requests.`,
  status: 413,
} as const;

const invalid = (error: string): RequestBody => ({ kind: 'invalid', error, status: 400 });

/**
 * Parses a request. Rows with the same image share its bytes. Whether the bytes are a valid image is checked later,
 * when they are decoded.
 */
export function readRequest(body: Uint8Array, format: RequestFormat): RequestBody {
  if (valuesIn(body) > MAX_JSON_VALUES) return TOO_MANY_VALUES;
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(body));
  } catch {
    return invalid('Malformed JSON in request body');
  }
  return format === 'score' ? readRows(value) : readQueries(value);
}

function readRows(value: unknown): RequestBody {
  const request = scoreRequestSchema.safeParse(value);
  if (!request.success) return invalid(bodyProblem(request.error));
  const { rows, detail } = request.data;
  return { kind: 'rows', rows: withImages(rows), detail };
}

/** Reads a request of OpenRLHF. Each label is a solution, or a row as JSON without the completion. */
function readQueries(value: unknown): RequestBody {
  const request = openRlhfRequestSchema.safeParse(value);
  if (!request.success) return invalid(bodyProblem(request.error));
  const { query, prompts, labels } = request.data;
  const rows: RowReading<SentRow>[] = [];
  let values = 0;
  for (const [i, label] of labels.entries()) {
    const prompt = prompts[i]!;
    const completion = query[i]!.startsWith(prompt) ? query[i]!.slice(prompt.length) : query[i]!;
    values += valuesIn(Buffer.from(label));
    if (values > MAX_JSON_VALUES) return TOO_MANY_VALUES;
    const fields = label.trimStart().startsWith('{') ? parsed(label) : { solution: label };
    const row = rowSchema.safeParse({ id: String(i), ...fields, completion });
    if (!row.success) return invalid(`labels[${i}]: ${problemOf(row.error.issues)}`);
    rows.push({ kind: 'valid', row: row.data });
  }
  return { kind: 'rows', rows: withImages(rows), detail: false };
}

const [QUOTE, BACKSLASH] = [0x22, 0x5c];
const STARTS = new Set([0x2c, 0x5b, 0x7b]);

/**
 * Returns an upper bound for the number of values in a JSON text: the number of commas and opening brackets outside
 * strings, plus one.
 */
export function valuesIn(json: Uint8Array): number {
  let values = 1;
  for (let at = 0; at < json.length; at++) {
    if (json[at] === QUOTE) at = endOfString(json, at + 1);
    else if (STARTS.has(json[at]!)) values += 1;
  }
  return values;
}

/** Returns the offset of the quotation mark that ends a string. If there is none, returns the length of the text. */
function endOfString(json: Uint8Array, from: number): number {
  for (let end = json.indexOf(QUOTE, from); end !== -1; end = json.indexOf(QUOTE, end + 1)) {
    let escapes = 0;
    while (json[end - 1 - escapes] === BACKSLASH) escapes += 1;
    if (escapes % 2 === 0) return end;
  }
  return json.length;
}

function parsed(text: string): object {
  try {
    return JSON.parse(text) as object;
  } catch {
    return {};
  }
}

function bodyProblem({ issues }: { readonly issues: Parameters<typeof problemOf>[0] }): string {
  return `${issues[0]!.path.join('.') || 'body'}: ${issues[0]!.message}`;
}

function withImages(readings: readonly RowReading<SentRow>[]): RowReading<RewardRow>[] {
  const sent = new Map<string, SentImage>();
  return readings.map((reading) => {
    if (reading.kind === 'invalid') return reading;
    const { images, ...row } = reading.row;
    const [reference] = images ?? [];
    if (reference === undefined) return { kind: 'valid', row };
    if (!('base64' in reference)) return { kind: 'valid', row: { ...row, image: reference } };
    const image = sent.get(reference.base64) ?? decoded(reference.base64);
    sent.set(reference.base64, image);
    return { kind: 'valid', row: { ...row, image } };
  });
}

function decoded(base64: string): SentImage {
  // The bytes are copied. Small buffers share one block of memory, which cannot be transferred to another thread.
  const bytes = Uint8Array.from(Buffer.from(base64.replace(/^data:[^,]*,/u, ''), 'base64'));
  return { bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
}
