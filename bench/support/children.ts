/** Starts servers for benchmarks and waits until they print their URL. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';

export type Child = {
  /** The first URL that the child prints. */
  readonly url: string;
  /** Sends SIGKILL and waits for the exit. */
  kill(): Promise<void>;
  /** Peak resident memory in MiB and processor time in ms, from Linux's /proc. */
  usage(): Promise<{ most: number; cpuMs: number }>;
};

/** Runs a script that prints its URL on the stream `says`. Throws if the script exits without printing a URL. */
export async function startChild(args: readonly string[], says: 'stdout' | 'stderr'): Promise<Child> {
  const other = says === 'stdout' ? 'inherit' : 'ignore';
  const child = spawn(process.execPath, args, {
    stdio: says === 'stdout' ? ['ignore', 'pipe', other] : ['ignore', other, 'pipe'],
  });
  const stream = child[says]!;
  for await (const line of createInterface({ input: stream })) {
    const url = /https?:\/\/[\w.:]+(?:\/v1)?/u.exec(line)?.[0];
    if (url === undefined) continue;
    // Later output is discarded. Otherwise, a full pipe would block the child.
    stream.resume();
    return { url, kill: () => kill(child), usage: () => usageOf(child.pid!) };
  }
  throw new Error(`${args.join(' ')} exited before it printed its URL.`);
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
  // Skips the process's name, which is in parentheses and may contain spaces.
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ').at(-1)!.split(' ');
  return { most, cpuMs: (Number(fields[11]) + Number(fields[12])) * TICK_MS };
}
