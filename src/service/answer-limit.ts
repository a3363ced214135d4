/** The size up to which an answer of a service is read, so that a broken or hostile service cannot fill the memory. */
import { GlobeError } from '../core/errors.ts';

/** The longest real answers, embeddings of many texts, have a tenth of it. */
export const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

export const tooLarge = (): GlobeError =>
  new GlobeError({
    code: 'rejected',
    message: `The service's answer is larger than ${MAX_ANSWER_BYTES} bytes.`,
    hint: 'Check that the address is that of the service, or request less at a time.',
  });

/** The body as text. Throws `rejected` when it is larger than MAX_ANSWER_BYTES, also after decompression. */
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
