/** Processes that a bench starts, and waits for until they say where they listen. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';

export type Child = {
  /** The first URL that it printed. */
  readonly url: string;
  /** Kills it at once and waits for its end. */
  kill(): Promise<void>;
  /** From Linux's /proc: resident memory in MiB, the most so far, and processor time. */
  usage(): Promise<{ most: number; cpuMs: number }>;
};

/** Runs a script on this Node; `says` is the stream on which it prints its URL. Throws when it ends before that. */
export async function startChild(args: readonly string[], says: 'stdout' | 'stderr'): Promise<Child> {
  const other = says === 'stdout' ? 'inherit' : 'ignore';
  const child = spawn(process.execPath, args, {
    stdio: says === 'stdout' ? ['ignore', 'pipe', other] : ['ignore', other, 'pipe'],
  });
  const stream = child[says]!;
  for await (const line of createInterface({ input: stream })) {
    const url = /https?:\/\/[\w.:]+(?:\/v1)?/u.exec(line)?.[0];
    if (url === undefined) continue;
    // What it logs from here on is not read; left in the pipe, it would stop the child.
    stream.resume();
    return { url, kill: () => kill(child), usage: () => usageOf(child.pid!) };
  }
  throw new Error(`${args.join(' ')} ended without listening.`);
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

/** Linux counts processor time in hundredths of a second. */
const TICK_MS = 10;

async function usageOf(pid: number): Promise<{ most: number; cpuMs: number }> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const most = Number(/VmHWM:\s+(\d+) kB/u.exec(status)![1]) / 1024;
  // The name of the process, in parentheses, may hold spaces.
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ').at(-1)!.split(' ');
  return { most, cpuMs: (Number(fields[11]) + Number(fields[12])) * TICK_MS };
}
