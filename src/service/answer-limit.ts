/** Limits the size of a service's answer, so that a faulty or hostile service cannot exhaust the memory. */
import { GlobeError } from '../core/errors.ts';

/** Maximum size of an answer. The largest real answers (embeddings of many texts) have a tenth of this size. */
export const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

export const tooLarge = (): GlobeError =>
  new GlobeError({
    code: 'rejected',
    message: `The service's answer is larger than ${MAX_ANSWER_BYTES} bytes.`,
    hint: 'Check the address of the service, or request less data per call.',
  });

/** Reads the body as text. Throws `rejected` if it has more than MAX_ANSWER_BYTES after decompression. */
export async function limitedText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > MAX_ANSWER_BYTES) throw tooLarge();
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}
