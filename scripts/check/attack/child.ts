/** Starts child processes for attacks: programs that print their address, and `globe serve`. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const GLOBE = join(import.meta.dirname, '../../../src/cli/main.ts');

export type Service = {
  readonly url: string;
  readonly pid: number;
  /** Whether the process is still running. */
  readonly isRunning: () => boolean;
  /** Returns the last text that the process printed on standard output and standard error. */
  readonly printed: () => string;
  [Symbol.asyncDispose](): Promise<void>;
};

const MAX_PRINTED_CHARACTERS = 100_000;
const START_MS = 60_000;

/** Starts a Node program and waits until it prints an address. Disposing of the result kills the program. */
export async function startProgram(
  args: readonly string[],
  { env = {} }: { readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Service> {
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], ...env },
  });
  const killed = (): unknown => child.kill('SIGKILL');
  process.once('exit', killed);
  const closed = once(child, 'close');
  let printed = '';
  const url = await addressOf(child, (text) => {
    printed = (printed + text).slice(-MAX_PRINTED_CHARACTERS);
    return printed;
  });
  return {
    url,
    pid: child.pid!,
    isRunning: () => child.exitCode === null && child.signalCode === null,
    printed: () => printed,
    [Symbol.asyncDispose]: async () => {
      process.off('exit', killed);
      child.kill('SIGKILL');
      await closed;
    },
  };
}

export const serve = (options: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Service> =>
  startProgram([GLOBE, 'serve', '--port', '0', ...options], { env });

function addressOf(child: ChildProcess, add: (text: string) => string): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`No address was printed in ${START_MS / 1000} s.`)), START_MS);
    let seen = '';
    const read = (chunk: Buffer): void => {
      seen = add(chunk.toString());
      const url = /https?:\/\/[\w.:[\]]+/u.exec(seen)?.[0];
      if (url === undefined) return;
      clearTimeout(timer);
      resolve(url);
    };
    child.stdout!.on('data', read);
    child.stderr!.on('data', read);
    child.on('close', (code) => {
      clearTimeout(timer);
      reject(new Error(`The service ended with code ${code}: ${seen}`));
    });
  });
}

/** Returns the resident memory of a process in bytes on Linux, and 0 on other systems. */
export function rssBytes(pid: number): number {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * 4096;
  } catch {
    return 0;
  }
}
