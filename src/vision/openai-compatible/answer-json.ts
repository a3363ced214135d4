/**
 * Reads a server's response as JSON, whatever its content type. Also accepts event streams, and the NaN and Infinity
 * that Python writes.
 */

/** Returns the parsed response. Returns the text itself if it is not JSON, and undefined if the body is empty. */
export function answerJson(body: string): unknown {
  const text = body.replace(/^\uFEFF/, '').trim();
  if (text === '') return undefined;
  if (/^(?:data|event|id):/.test(text)) return joinedStream(text);
  return parsed(text) ?? parsed(withoutNonFinite(text)) ?? text;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Replaces the numbers NaN and Infinity by null. Text inside strings stays unchanged. */
const withoutNonFinite = (text: string): string =>
  text.replaceAll(/"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g, (match) => (match.startsWith('"') ? match : 'null'));

type Delta = Readonly<Record<string, unknown>>;
type Chunk = {
  readonly choices?: readonly StreamedChoice[] | null;
  readonly usage?: unknown;
  readonly error?: unknown;
};
type StreamedChoice = {
  readonly index?: number;
  readonly delta?: Delta | null;
  readonly text?: string;
  readonly finish_reason?: string | null;
};

/** Joins the chunks of an event stream into one response. Some servers stream even though no request asks for it. */
function joinedStream(text: string): unknown {
  const chunks = text
    .split(/\r?\n/)
    .flatMap((line) => (line.startsWith('data:') ? [parsed(line.slice(5)) as Chunk | undefined] : []))
    .filter((chunk) => typeof chunk === 'object' && chunk !== null);
  if (chunks.length === 0) return text;
  const failed = chunks.find(({ error }) => error !== undefined && error !== null);
  if (failed !== undefined) return { error: failed.error };
  const byIndex = Map.groupBy(
    chunks.flatMap(({ choices }) => choices ?? []),
    ({ index = 0 }) => index,
  );
  const choices = [...byIndex].map(([index, parts]) => ({
    index,
    message: joinedDeltas(parts.map(({ delta, text: legacy }) => delta ?? { content: legacy })),
    finish_reason: parts.findLast(({ finish_reason: reason }) => typeof reason === 'string')?.finish_reason,
  }));
  return { choices, usage: chunks.findLast(({ usage }) => usage !== undefined && usage !== null)?.usage };
}

/** Joins each text field over all deltas, so that the result has the form of a single message. */
function joinedDeltas(deltas: readonly Delta[]): Record<string, string> {
  const message: Record<string, string> = {};
  for (const [field, value] of deltas.flatMap((delta) => Object.entries(delta))) {
    if (typeof value === 'string' && field !== 'role') message[field] = (message[field] ?? '') + value;
  }
  return message;
}
