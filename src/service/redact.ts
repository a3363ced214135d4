/** Keeps secrets out of messages: servers and libraries like to quote the key that they refuse. */

const MIN_SECRET_CHARACTERS = 4;

/** `text` with every secret, and the credentials of every URL in it, replaced. */
export function redact(text: string, secrets: readonly (string | undefined)[]): string {
  let result = text.replaceAll(/\/\/[^/@\s]+@/g, '//***@');
  for (const secret of secrets) {
    if (secret !== undefined && secret.length >= MIN_SECRET_CHARACTERS) result = result.replaceAll(secret, '***');
  }
  return result;
}
