/**
 * Kills commands with SIGKILL at random but seeded moments, including while they load, and resumes them. The results
 * must have the same bytes as those of an undisturbed run.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { random, seedFrom } from '../../../src/core/random.ts';
import { killAndResume } from '../../../test/support/kill-runs.ts';
import type { Attack, Outcome, Part, Size, Tools } from './attack.ts';
import { type Reference, referenceRuns, startRun } from './reference.ts';
import { differences, WORKLOADS } from './workloads.ts';

/** Number of kills per part, and number of parts per command. */
const KILLS = { short: { kills: 4, parts: 1 }, full: { kills: 5, parts: 8 } };

/** Repeats runs until `kills` processes have been killed in total. The last run may finish without being killed. */
async function killRuns(
  { workload, lifetimeMs, expected }: Reference,
  { part, kills, scratch, onProgress }: Tools & { part: string; kills: number },
): Promise<Outcome> {
  const generator = random(seedFrom(part));
  const runs = join(scratch, 'runs');
  const failures: string[] = [];
  let killed = 0;
  for (let run = 1; killed < kills; run++) {
    let now = killed;
    const name = `${part}-${run}`;
    killed += await killAndResume({
      start: () => startRun(workload, { runs, name }),
      manifest: join(runs, name, workload.lastFile),
      generator,
      kills: kills - killed,
      maxLifetimeMs: lifetimeMs,
      onKill: () => onProgress(++now),
    });
    const changed = differences(await workload.results(runs, name), expected);
    if (changed.length > 0) failures.push(`run ${run} differs from an undisturbed run in ${changed.join(', ')}`);
    await rm(join(runs, name), { recursive: true });
  }
  return { failures };
}

export const kills: Attack = {
  name: 'kills',
  unit: 'kills',
  parts: (size: Size): Part[] => {
    const { kills: count, parts } = KILLS[size];
    const referenceOf = referenceRuns();
    return WORKLOADS.flatMap((name) =>
      Array.from({ length: parts }, (_, i) => ({
        name: `${name}-${i + 1}`,
        cases: count,
        run: async (tools) =>
          killRuns(await referenceOf(name, tools.scratch), { ...tools, part: `${name}-${i + 1}`, kills: count }),
      })),
    );
  },
};
