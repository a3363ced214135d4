/** Writes results: JSON to stdout for programs, prose to stderr for people. */
import { once } from 'node:events';
import { invalidInput, messageOf } from '../core/errors.ts';
import { printable } from '../core/printable.ts';
import { redact, withoutSecrets } from '../service/redact.ts';

/** Writes one JSON document to stdout. */
export function printJson(value: unknown): void {
  process.stdout.write(`${withoutSecrets(JSON.stringify(value, null, 2))}\n`);
}

/** Writes one JSON array to stdout, element by element as the values arrive. Waits if the reader of stdout is slow. */
export async function printJsonArray(values: AsyncIterable<unknown>): Promise<void> {
  let separator = '[\n';
  for await (const value of values) {
    const indented = `  ${withoutSecrets(JSON.stringify(value, null, 2)).replaceAll('\n', '\n  ')}`;
    if (!process.stdout.write(`${separator}${indented}`)) await once(process.stdout, 'drain');
    separator = ',\n';
  }
  process.stdout.write(separator === '[\n' ? '[]\n' : '\n]\n');
}

/** Prints a result for people, on stdout. */
export function print(text: string): void {
  process.stdout.write(`${printable(withoutSecrets(text))}\n`);
}

/**
 * Writes to stdout and waits until the text is out. Throws `invalid-input` if it cannot be written, for example to a
 * full disk.
 */
export async function writeStdout(text: string): Promise<void> {
  const failure = await new Promise<Error | null | undefined>((done) => {
    // A reader that has closed the pipe ends the program elsewhere.
    if (process.stdout.write(text, done)) return;
  });
  if (failure === null || failure === undefined) return;
  throw invalidInput(`Cannot write to stdout: ${messageOf(failure)}.`, 'Free some space, or give --output FILE.');
}

/** Prints progress, hints and warnings for people, on stderr. */
export function note(text: string): void {
  process.stderr.write(`${printable(redact(text))}\n`);
}

/**
 * Returns a signal that aborts on the first Ctrl-C (or SIGTERM). A second Ctrl-C ends the process at once. Dispose of
 * the signal when the command is done; otherwise the process does not end.
 */
export function interruptSignal(): { readonly signal: AbortSignal; [Symbol.dispose](): void } {
  const controller = new AbortController();
  const onInterrupt = (): void => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
  };
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onInterrupt);
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => {
      process.off('SIGINT', onInterrupt);
      process.off('SIGTERM', onInterrupt);
    },
  };
}
