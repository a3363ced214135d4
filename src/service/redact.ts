/** Removes secrets from messages, because servers and libraries often quote a key that they reject. */

const MIN_SECRET_CHARACTERS = 4;

/** Matches bearer tokens and URL parameters that contain keys. */
const KEY =
  /([?&](?:[a-z_-]{0,30}(?:key|token|secret|password|signature)|sig|code)=)[^&\s#"'<>]+|(\bbearer\s{1,3})[\w.~+/-]{8,}=*/giu;

/** Replaces secrets, bearer tokens, and credentials and keys in URLs by `***`. */
export function redact(text: string, secrets: readonly (string | undefined)[]): string {
  let result = text.replaceAll(/\/\/[^/@\s]+@/g, '//***@').replaceAll(KEY, '$1$2***');
  for (const secret of secrets) {
    if (secret !== undefined && secret.length >= MIN_SECRET_CHARACTERS) result = result.replaceAll(secret, '***');
  }
  return result;
}
