/** Kills a run with SIGKILL again and again, and lets it continue, until it ends by itself. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import type { Random } from '../../src/core/random.ts';

export type KillOptions = {
  /** Starts the run, or continues it. */
  readonly start: () => ChildProcess;
  /** The file that a run writes last. */
  readonly manifest: string;
  readonly generator: Random;
  /** Kills at most; the run is then left to end. */
  readonly kills: number;
  /** A killed process lived this long at most, from its start or from when it was ready. */
  readonly longestMs: number;
  /** Resolves when the process starts its work; without it, kills may also hit the startup. */
  readonly ready?: (child: ChildProcess) => Promise<unknown>;
  /** Called after each kill. */
  readonly onKill?: () => void;
};

/** Returns how many processes were really killed before the run was complete. */
export async function killAndResume(options: KillOptions): Promise<number> {
  const { start, manifest, generator, kills, longestMs, ready, onKill } = options;
  for (let killed = 0; ; killed++) {
    const child = start();
    const closed = once(child, 'close') as Promise<[number | null]>;
    const errors = text(child.stderr);
    if (killed < kills) {
      if (ready !== undefined) await Promise.race([ready(child), closed]);
      await Promise.race([wait(generator.next() * longestMs), closed]);
      child.kill('SIGKILL');
    }
    const [code] = await closed;
    if (code === 0 && existsSync(manifest)) return killed;
    if (code !== null && code !== 0)
      throw new Error(`The run ended with code ${code} after ${killed} kills.\n${await errors}`);
    onKill?.();
  }
}

/** What the process writes, read to its end; nothing for a stream that is not piped. */
const text = async (stream: Readable | null): Promise<string> =>
  stream === null ? '' : Buffer.concat((await stream.toArray()) as Buffer[]).toString();

/** A curation of drawn photos in a process of its own. */
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
