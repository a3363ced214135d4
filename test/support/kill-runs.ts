/** Kills a run with SIGKILL repeatedly, and resumes it each time until it finishes. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import type { Random } from '../../src/core/random.ts';

export type KillOptions = {
  /** Starts or resumes the run. */
  readonly start: () => ChildProcess;
  /** Path of the file that the run writes last. */
  readonly manifest: string;
  readonly generator: Random;
  /** Maximum number of kills. After them, the run may finish. */
  readonly kills: number;
  /** Maximum time until a process is killed, counted from its start, or from `ready` if that is set. */
  readonly maxLifetimeMs: number;
  /** Resolves when the process starts its work. If absent, processes may also be killed during startup. */
  readonly ready?: (child: ChildProcess) => Promise<unknown>;
  /** Called after each kill. */
  readonly onKill?: () => void;
};

/** Returns the number of processes that were killed before the run finished. */
export async function killAndResume(options: KillOptions): Promise<number> {
  const { start, manifest, generator, kills, maxLifetimeMs, ready, onKill } = options;
  for (let killed = 0; ; killed++) {
    const child = start();
    const closed = once(child, 'close') as Promise<[number | null]>;
    const output = text(child.stderr);
    if (killed < kills) {
      if (ready !== undefined) await Promise.race([ready(child), closed]);
      await Promise.race([wait(generator.next() * maxLifetimeMs), closed]);
      child.kill('SIGKILL');
    }
    const [code] = await closed;
    if (code === 0 && existsSync(manifest)) return killed;
    if (code !== null && code !== 0)
      throw new Error(`The run ended with code ${code} after ${killed} kills.\n${await output}`);
    onKill?.();
  }
}

/** Returns the whole output of a stream, or an empty text if the stream is not piped. */
const text = async (stream: Readable | null): Promise<string> =>
  stream === null ? '' : Buffer.concat((await stream.toArray()) as Buffer[]).toString();

/** Options for curating drawn photos in a separate process. */
export function curation({ photos, runs, name }: { photos: string; runs: string; name: string }) {
  return {
    start: () =>
      spawn(process.execPath, [join(import.meta.dirname, 'curate-child.ts'), photos, runs, name], {
        stdio: ['ignore', 'pipe', 'inherit'],
      }),
    manifest: join(runs, name, 'manifest.json'),
    ready: ({ stdout }: ChildProcess) => once(stdout!, 'data'),
  };
}
