/** Reads the bytes of one photo from disk or from a URL. */
import { GlobeError, invalidInput, messageOf } from '../core/errors.ts';
import { MAX_INPUT_BYTES } from '../image/limits.ts';
import { readImageFile } from '../image/read-image-file.ts';
import type { PhotoInput } from './photo-inputs.ts';

/** Time limit for the whole download of a photo. */
const FETCH_TIMEOUT_MS = 60_000;

export async function readPhoto({ kind, name }: PhotoInput, signal: AbortSignal): Promise<Uint8Array> {
  return kind === 'file' ? readImageFile(name, { signal }) : fetchPhoto(name, signal);
}

async function fetchPhoto(url: string, signal: AbortSignal): Promise<Uint8Array> {
  try {
    const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(FETCH_TIMEOUT_MS)]) });
    if (!response.ok) {
      throw new GlobeError({ code: 'service', message: `${url} answered ${response.status} ${response.statusText}.` });
    }
    return await readBounded(response, url);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof GlobeError) throw error;
    throw new GlobeError({ code: 'service', message: `Cannot fetch ${url}: ${messageOf(error)}.`, cause: error });
  }
}

async function readBounded(response: Response, url: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > MAX_INPUT_BYTES)
      throw invalidInput(`${url} is larger than ${MAX_INPUT_BYTES} bytes.`, 'Use a smaller photo.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
