/**
 * Removes secrets from everything that is written: messages, logs, records, manifests, reports and metrics. Servers and
 * libraries often quote a key that they reject, and a model may repeat what its server told it.
 */

const MIN_SECRET_CHARACTERS = 4;
/**
 * Minimum length of a secret that is removed from data. Shorter secrets, and words without a digit such as "EMPTY", may
 * occur in data by chance.
 */
const MIN_DISTINCTIVE_CHARACTERS = 8;

/** Matches bearer tokens and URL parameters that contain keys. */
const KEY =
  /([?&](?:[a-z_-]{0,30}(?:key|token|secret|password|signature)|sig|code)=)[^&\s#"'<>]+|(\bbearer\s{1,3})[\w.~+/-]{8,}=*/giu;

/** All forms in which a secret of this process may occur in a text. */
const known = new Set<string>();

/**
 * Registers a key, token or password, so that all writers replace it with `***`. Returns the secret. Clients call this
 * function for each secret that they receive.
 */
export function keepSecret<Secret extends string | undefined>(secret: Secret): Secret {
  if (secret === undefined || secret.length < MIN_DISTINCTIVE_CHARACTERS || !/\d/u.test(secret)) return secret;
  for (const form of [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)]) known.add(form);
  return secret;
}

/** Replaces the registered secrets by `***`. Changes nothing else, so it is safe for data of any format. */
export function withoutSecrets(text: string): string {
  let result = text;
  for (const secret of known) if (result.includes(secret)) result = result.replaceAll(secret, '***');
  return result;
}

/**
 * Replaces secrets in a message with `***`: registered secrets, the listed `secrets`, bearer tokens, and credentials or
 * keys in URLs.
 */
export function redact(text: string, secrets: readonly (string | undefined)[] = []): string {
  let result = withoutSecrets(text)
    .replaceAll(/\/\/[^/@\s]+@/g, '//***@')
    .replaceAll(KEY, '$1$2***');
  for (const secret of secrets) {
    if (secret !== undefined && secret.length >= MIN_SECRET_CHARACTERS) result = result.replaceAll(secret, '***');
  }
  return result;
}

/** Returns a copy of a JSON value in which every text is redacted as in a message. */
export const redactedValue = (value: unknown): unknown => mapTexts(value, (text) => redact(text));

/** Returns a copy of a value in which no text contains a registered secret. Bytes are unchanged. */
export const valueWithoutSecrets = <T>(value: T): T => mapTexts(value, withoutSecrets) as T;

function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((inner) => mapTexts(inner, change));
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, mapTexts(inner, change)]));
}
