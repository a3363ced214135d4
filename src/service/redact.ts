/** Keeps secrets out of messages, because servers and libraries often quote the key that they reject. */

const MIN_SECRET_CHARACTERS = 4;

/** `text` with every secret, and the credentials of every URL in it, replaced. */
export function redact(text: string, secrets: readonly (string | undefined)[]): string {
  let result = text.replaceAll(/\/\/[^/@\s]+@/g, '//***@');
  for (const secret of secrets) {
    if (secret !== undefined && secret.length >= MIN_SECRET_CHARACTERS) result = result.replaceAll(secret, '***');
  }
  return result;
}
