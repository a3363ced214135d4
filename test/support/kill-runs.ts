/** Kills a curation run with SIGKILL again and again, and lets it continue, until it ends by itself. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Random } from '../../src/core/random.ts';

export type KillOptions = {
  readonly photos: string;
  readonly runs: string;
  readonly name: string;
  readonly generator: Random;
  /** Kills at most; the run is then left to end. */
  readonly kills: number;
  /** A killed process lived this long at most after it was ready. */
  readonly longestMs: number;
};

/** Returns how many processes were really killed before the run was complete. */
export async function killAndResume(options: KillOptions): Promise<number> {
  const { photos, runs, name, generator, kills, longestMs } = options;
  const manifest = join(runs, name, 'manifest.json');
  for (let killed = 0; ; killed++) {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'curate-child.ts'), photos, runs, name], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const closed = once(child, 'close') as Promise<[number | null]>;
    if (killed < kills) {
      await Promise.race([once(child.stdout, 'data'), closed]);
      await Promise.race([wait(generator.next() * longestMs), closed]);
      child.kill('SIGKILL');
    }
    const [code] = await closed;
    if (code === 0 && existsSync(manifest)) return killed;
    if (code !== null && code !== 0) throw new Error(`The run ended with code ${code} after ${killed} kills.`);
  }
}
