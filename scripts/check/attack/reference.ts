/** Makes undisturbed runs, with which attacks compare killed and damaged runs. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { GLOBE } from './child.ts';
import { openWorkloads, type Workload, type WorkloadName } from './workloads.ts';

export type Reference = {
  readonly workload: Workload;
  /** Duration of the undisturbed run. */
  readonly lifetimeMs: number;
  /** Digests of the run's result files, by path. */
  readonly expected: Readonly<Record<string, string>>;
};

export type RunName = { readonly runs: string; readonly name: string };

/** Starts or resumes a run. The standard error of the process is piped. */
export const startRun = (workload: Workload, { runs, name }: RunName): ChildProcess =>
  spawn(process.execPath, [GLOBE, ...workload.command(runs, name)], { stdio: ['ignore', 'ignore', 'pipe'] });

export type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

/** Runs a `globe` command and waits until it ends. */
export async function globe(args: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, [GLOBE, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const closed = once(child, 'close') as Promise<[number | null]>;
  const [stdout, stderr] = await Promise.all([child.stdout, child.stderr].map(textOf));
  const [code] = await closed;
  return { code, stdout: stdout!, stderr: stderr! };
}

const textOf = async (stream: Readable): Promise<string> =>
  Buffer.concat((await stream.toArray()) as Buffer[]).toString();

export const finishRun = (workload: Workload, { runs, name }: RunName): Promise<Ended> =>
  globe(workload.command(runs, name));

/** Returns a function that makes the undisturbed run of a workload when it is first needed. */
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
