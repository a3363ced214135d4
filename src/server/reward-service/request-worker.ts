/**
 * Reads large requests in a thread, because JSON, base64 and SHA-256 of 64 MiB take half a second. The rows are sent
 * back in parts, one each time the main thread requests it. The main thread is blocked while it unpacks a message, so
 * each message must be small.
 */
import { parentPort } from 'node:worker_threads';
import { readRequest, type RequestBody, type RequestFormat, type RewardRow, type SentImage } from './read-request.ts';
import type { RowReading } from './request-schema.ts';

export type RequestMessage =
  | { readonly kind: 'start'; readonly size: number }
  | { readonly kind: 'chunk'; readonly bytes: Uint8Array }
  | { readonly kind: 'read'; readonly format: RequestFormat }
  | { readonly kind: 'next' };

/** A row whose image is an index into the list of the request's images. */
export type PackedRow = Omit<RewardRow, 'image'> & { readonly image?: number | RewardRow['image'] };

export type RequestAnswer =
  | (RequestBody & { readonly kind: 'invalid' })
  | { readonly kind: 'images'; readonly images: readonly SentImage[]; readonly detail: boolean }
  | { readonly kind: 'rows'; readonly rows: readonly RowReading<PackedRow>[]; readonly isLast: boolean };

/** Maximum number of values in a part. Unpacking that many values takes a few milliseconds. */
const MAX_VALUES = 20_000;

let body = Buffer.alloc(0);
let filled = 0;
let parts: Iterator<RequestAnswer> | undefined;

parentPort!.on('message', (message: RequestMessage) => {
  if (message.kind === 'start') {
    body = Buffer.allocUnsafeSlow(message.size);
    filled = 0;
    return;
  }
  if (message.kind === 'chunk') {
    body.set(message.bytes, filled);
    filled += message.bytes.length;
    return;
  }
  if (message.kind === 'read') {
    parts = partsOf(message.format);
  }
  const part = parts!.next();
  if (part.done === true) return;
  const images = part.value.kind === 'images' ? part.value.images : [];
  parentPort!.postMessage(
    part.value,
    images.map(({ bytes }) => bytes.buffer),
  );
});

function* partsOf(format: RequestFormat): Generator<RequestAnswer> {
  const request = readRequest(body, format);
  if (request.kind === 'invalid') return yield request;
  const { rows, detail } = request;
  const images = new Map<SentImage, number>();
  const packed = rows.map((reading): RowReading<PackedRow> => {
    if (reading.kind === 'invalid' || reading.row.image === undefined || !('bytes' in reading.row.image))
      return reading;
    const { image } = reading.row;
    if (!images.has(image)) images.set(image, images.size);
    return { kind: 'valid', row: { ...reading.row, image: images.get(image)! } };
  });
  yield { kind: 'images', images: [...images.keys()], detail };
  let [start, values] = [0, 0];
  for (const [i, reading] of packed.entries()) {
    values += 20 + (reading.kind === 'valid' ? listedIn(reading.row) : 0);
    const isLast = i === packed.length - 1;
    if (values < MAX_VALUES && !isLast) continue;
    yield { kind: 'rows', rows: packed.slice(start, i + 1), isLast };
    [start, values] = [i + 1, 0];
  }
}

/** Returns the number of values in the lists of a row. */
function listedIn({ elements, entities, texts }: PackedRow): number {
  return (elements?.length ?? 0) * 3 + (entities?.length ?? 0) * 2 + (texts?.length ?? 0);
}
