/**
 * Runs units of work in dependency order. Each unit has a run folder. A manifest in that folder shows that the unit has
 * finished, so it does not run again. The folder's options contain the unit's settings and the fingerprints of the
 * units that it needs, so a folder with results from other inputs causes an error.
 */
import { createHash } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import { defined } from '../core/defined.ts';
import { invalidInput } from '../core/errors.ts';
import { openRun, RunMismatchError } from './run-folder.ts';
import { RunInUseError } from './run-lock.ts';
import type { RunFolder } from './run-folder.ts';
import { readRunManifestIfPresent, RUN_MANIFEST } from './run-manifest.ts';

export type ProgressWords = {
  /** An intermediate result to show after the count. */
  readonly detail?: string;
  /** The part of the unit that `done` and `total` count; absent for the unit's main work. */
  readonly pass?: string;
};

export type MakeOptions = {
  readonly run: RunFolder;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number, words?: ProgressWords) => void;
  readonly onNote: (text: string) => void;
};

export type Unit = {
  /** Name of the unit and of its run folder. A unit that is renamed runs again. */
  readonly name: string;
  /**
   * Units of one kind should take about the same time, because the estimate of the remaining time averages over them.
   */
  readonly kind: string;
  /** Names of the units that must finish first. */
  readonly needs: readonly string[];
  /**
   * All values that affect the result, besides the needed units. Contains no paths, so that the folder can be moved.
   */
  readonly settings: Readonly<Record<string, unknown>>;
  /**
   * Does the work and returns facts for the manifest. If the facts contain `seconds`, it replaces the measured time of
   * this call.
   */
  make(options: MakeOptions): Promise<Readonly<Record<string, unknown>>>;
};

export type UnitRecord = {
  readonly unit: Unit;
  readonly seconds: number;
  /** The contents of manifest.json. */
  readonly manifest: Readonly<Record<string, unknown>>;
};

export type UnitEvent =
  | { readonly kind: 'started' | 'kept'; readonly unit: Unit; readonly number: number; readonly total: number }
  | {
      readonly kind: 'finished';
      readonly unit: Unit;
      readonly number: number;
      readonly total: number;
      readonly seconds: number;
      /** Estimated time of all remaining units; absent until one unit of each remaining kind has finished. */
      readonly leftSeconds?: number;
    }
  | ({
      readonly kind: 'progress';
      readonly unit: Unit;
      readonly done: number;
      readonly total: number;
    } & ProgressWords)
  | { readonly kind: 'note'; readonly unit: Unit; readonly text: string }
  /**
   * Every remaining unit waits for a unit that another process is running. `reason` names that process and what the
   * user can do.
   */
  | { readonly kind: 'waiting'; readonly unit: Unit; readonly reason: string };

export type RunUnitsOptions = {
  readonly root: string;
  /** Stored in the options of each unit, and therefore part of its fingerprint. */
  readonly command: string;
  readonly signal: AbortSignal;
  /** Returns the milliseconds of a monotonic clock. */
  readonly now: () => number;
  /** Facts about this process to add to every unit's manifest. */
  readonly facts?: Readonly<Record<string, unknown>>;
  readonly onEvent?: (event: UnitEvent) => void;
};

const MANIFEST = {
  name: 'manifest of a unit',
  schema: z.looseObject({ seconds: z.number() }),
  hint: 'Remove the folder of the unit and run the same command again to repeat the unit.',
};

/** Sorts units so that each follows the units that it needs. Throws a RangeError for an unknown or circular need. */
export function inOrder(units: readonly Unit[]): Unit[] {
  const byName = new Map(units.map((unit) => [unit.name, unit]));
  const order: Unit[] = [];
  const states = new Map<string, 'open' | 'done'>();
  const visit = (name: string, dependent: string): void => {
    const unit = byName.get(name);
    if (unit === undefined) throw new RangeError(`The unit ${dependent} needs the unknown unit ${name}.`);
    if (states.get(name) === 'done') return;
    if (states.get(name) === 'open') throw new RangeError(`The unit ${name} depends on itself.`);
    states.set(name, 'open');
    for (const need of unit.needs) visit(need, name);
    states.set(name, 'done');
    order.push(unit);
  };
  for (const { name } of units) visit(name, name);
  return order;
}

/** How often to check whether another process has finished a needed unit. */
const POLL_MS = 1000;

/**
 * Runs the unfinished units one at a time, because each may use all cores. Several processes may share one folder. A
 * process skips units that another process is running. It reuses the results of units that another process has
 * finished.
 */
export async function runUnits(
  units: readonly Unit[],
  { root, command, signal, now, facts: shared = {}, onEvent = () => {} }: RunUnitsOptions,
): Promise<ReadonlyMap<string, UnitRecord>> {
  const order = inOrder(units);
  const records = new Map<string, UnitRecord>();
  const options = unitOptions(order, command);
  const total = order.length;

  const make = async (unit: Unit): Promise<UnitRecord | RunInUseError> => {
    const at = { unit, number: order.indexOf(unit) + 1, total } as const;
    const opened = await openUnit(root, unit, options.get(unit.name)!);
    if (opened instanceof RunInUseError) return opened;
    await using run = opened;
    const before = await readManifest(run);
    if (before !== undefined) {
      onEvent({ kind: 'kept', ...at });
      return { unit, seconds: before.seconds, manifest: before };
    }
    onEvent({ kind: 'started', ...at });
    const started = now();
    const facts = await unit.make({
      run,
      signal,
      onProgress: (done, of, words) => onEvent({ kind: 'progress', unit, done, total: of, ...words }),
      onNote: (text) => onEvent({ kind: 'note', unit, text }),
    });
    await run.complete({ seconds: (now() - started) / 1000, ...shared, ...facts });
    const manifest = (await readManifest(run))!;
    const record = { unit, seconds: manifest.seconds, manifest };
    const left = order.filter((one) => one !== unit && !records.has(one.name));
    const leftSeconds = estimate(left, [...records.values(), record]);
    onEvent({ kind: 'finished', ...at, seconds: manifest.seconds, ...defined({ leftSeconds }) });
    return record;
  };

  let awaited: Unit | undefined;
  while (records.size < total) {
    const before = records.size;
    let busy: { unit: Unit; error: RunInUseError } | undefined;
    for (const unit of order) {
      signal.throwIfAborted();
      if (records.has(unit.name) || !unit.needs.every((need) => records.has(need))) continue;
      const result = await make(unit);
      if (result instanceof RunInUseError) busy ??= { unit, error: result };
      else records.set(unit.name, result);
    }
    if (records.size > before) continue;
    // Every remaining unit is running in another process, or needs such a unit.
    const { unit, error } = busy!;
    if (unit !== awaited) onEvent({ kind: 'waiting', unit, reason: `${error.message} ${error.hint}` });
    awaited = unit;
    await setTimeout(POLL_MS, undefined, { signal });
  }
  return records;
}

/** Opens the unit's run folder. Returns a `RunInUseError` if another process is using it. */
async function openUnit(
  root: string,
  unit: Unit,
  options: Record<string, unknown>,
): Promise<RunFolder | RunInUseError> {
  try {
    // Does not wait for the lock, because the caller tries again later.
    return await openRun({ root, name: unit.name, options, waitMs: 0, keepManifest: true });
  } catch (error) {
    if (error instanceof RunInUseError) return error;
    if (!(error instanceof RunMismatchError)) throw error;
    throw invalidInput(
      `${root}: the unit "${unit.name}" was started with other options: ${error.changes}.`,
      `Use the settings that ${root} was started with, remove the folders of this unit and of the units that need it, or choose another folder (--runs).`,
    );
  }
}

/** Returns the options to save in each unit's folder: its settings and the fingerprints of the units that it needs. */
export function unitOptions(units: readonly Unit[], command: string): ReadonlyMap<string, Record<string, unknown>> {
  const all = new Map<string, Record<string, unknown>>();
  for (const { name, kind, settings, needs } of inOrder(units)) {
    const madeFrom = Object.fromEntries(needs.map((need) => [need, fingerprint(all.get(need)!)]));
    all.set(name, { command, unit: kind, ...settings, madeFrom });
  }
  return all;
}

/**
 * Hashes all options that affect a unit's result, including those of indirectly needed units. Ignores the order of
 * fields.
 */
export function fingerprint(options: Record<string, unknown>): string {
  return createHash('sha256').update(JSON.stringify(options, sortedFields)).digest('hex').slice(0, 16);
}

const sortedFields = (_: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    : value;

const readManifest = async (run: RunFolder) => readRunManifestIfPresent(run.file(RUN_MANIFEST), MANIFEST);

/**
 * Estimates the seconds that the remaining units take, from the average time of the finished units of each kind.
 * Undefined if no unit of some kind has finished.
 */
function estimate(left: readonly Unit[], records: readonly UnitRecord[]): number | undefined {
  const byKind = Map.groupBy(records, ({ unit }) => unit.kind);
  let sum = 0;
  for (const { kind } of left) {
    const seen = byKind.get(kind);
    if (seen === undefined) return undefined;
    sum += seen.reduce((total, { seconds }) => total + seconds, 0) / seen.length;
  }
  return sum;
}
