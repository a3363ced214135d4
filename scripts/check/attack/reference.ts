/** Makes undisturbed runs. Attacks compare killed and damaged runs with them. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { GLOBE } from './child.ts';
import { openWorkloads, type Workload, type WorkloadName } from './workloads.ts';

export type Reference = {
  readonly workload: Workload;
  /** Time of the undisturbed run. */
  readonly lifetimeMs: number;
  /** Digests of its results, by path. */
  readonly expected: Readonly<Record<string, string>>;
};

export type RunName = { readonly runs: string; readonly name: string };

/** Starts or resumes a run. Its standard error is piped. */
export const startRun = (workload: Workload, { runs, name }: RunName): ChildProcess =>
  spawn(process.execPath, [GLOBE, ...workload.command(runs, name)], { stdio: ['ignore', 'ignore', 'pipe'] });

/** Runs a command to its end. */
export async function finishRun(workload: Workload, run: RunName): Promise<{ code: number | null; stderr: string }> {
  const child = startRun(workload, run);
  const closed = once(child, 'close') as Promise<[number | null]>;
  const stderr = Buffer.concat((await child.stderr!.toArray()) as Buffer[]).toString();
  const [code] = await closed;
  return { code, stderr };
}

/** Returns a function that opens each workload's reference when it is first needed. */
export function referenceRuns(): (name: WorkloadName, scratch: string) => Promise<Reference> {
  let workloads: Promise<readonly Workload[]> | undefined;
  const opened = new Map<WorkloadName, Promise<Reference>>();
  return async (name, scratch) => {
    workloads ??= openWorkloads(join(scratch, 'inputs'));
    const workload = (await workloads).find((one) => one.name === name)!;
    const reference = opened.get(name) ?? undisturbed(workload, join(scratch, 'runs'));
    opened.set(name, reference);
    return reference;
  };
}

async function undisturbed(workload: Workload, runs: string): Promise<Reference> {
  const name = `${workload.name}-whole`;
  const start = performance.now();
  const { code, stderr } = await finishRun(workload, { runs, name });
  const lifetimeMs = performance.now() - start;
  if (code !== 0) throw new Error(`${workload.name} ended with code ${code}.\n${stderr}`);
  const expected = await workload.results(runs, name);
  if (Object.keys(expected).length === 0) throw new Error(`${workload.name} wrote no results.`);
  return { workload, lifetimeMs, expected };
}
