/**
 * Runs units of work in an order that their needs allow. Each unit has a run folder; a manifest there shows that the unit
 * is finished, and it does not run again. The folder's options hold the unit's settings and the fingerprints of what it is
 * made from, so a folder that was made from anything else is refused.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import { defined } from '../core/defined.ts';
import { GlobeError, invalidInput, messageOf } from '../core/errors.ts';
import { openRun, RunMismatchError } from './run-folder.ts';
import { RunInUseError } from './run-lock.ts';
import type { RunFolder } from './run-folder.ts';

export type ProgressWords = {
  /** What the work is worth so far, after the count. */
  readonly detail?: string;
  /** Names a count of its own within the unit, which starts at 0 again; absent for the unit's main work. */
  readonly pass?: string;
};

export type MakeOptions = {
  readonly run: RunFolder;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number, words?: ProgressWords) => void;
  readonly onNote: (text: string) => void;
};

export type Unit = {
  /** Stable; its folder's name. */
  readonly name: string;
  /** Units of one kind take about as long as each other. */
  readonly kind: string;
  /** Names of units that must be done before. */
  readonly needs: readonly string[];
  /** What decides its result besides its needs; holds no path, so that a folder of runs may be moved. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Returns facts for the manifest; `seconds` where the unit knows its own better than a clock around it. */
  make(options: MakeOptions): Promise<Readonly<Record<string, unknown>>>;
};

export type UnitRecord = {
  readonly unit: Unit;
  readonly seconds: number;
  /** manifest.json. */
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
      /** Estimated for all units that are left; absent while one of their kinds has not been seen. */
      readonly leftSeconds?: number;
    }
  | ({
      readonly kind: 'progress';
      readonly unit: Unit;
      readonly done: number;
      readonly total: number;
    } & ProgressWords)
  | { readonly kind: 'note'; readonly unit: Unit; readonly text: string }
  /** Nothing can be made until another process has finished this unit; who, and what to do if it is not at work. */
  | { readonly kind: 'waiting'; readonly unit: Unit; readonly reason: string };

export type RunUnitsOptions = {
  readonly root: string;
  /** Recorded in the options of each unit, and so a part of its fingerprint. */
  readonly command: string;
  readonly signal: AbortSignal;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
  /** What every unit's manifest states of this process beside what the unit does itself. */
  readonly facts?: Readonly<Record<string, unknown>>;
  readonly onEvent?: (event: UnitEvent) => void;
};

/** A manifest without JSON, or without the seconds that its unit took. */
export class MalformedManifestError extends GlobeError {
  constructor(path: string, cause: unknown) {
    super({
      code: 'invalid-input',
      message: `${path} is not the manifest of a unit: ${cause instanceof z.ZodError ? z.prettifyError(cause) : messageOf(cause)}.`,
      hint: 'Remove its folder and run the same command again to repeat the unit.',
      cause,
    });
  }
}

const manifestSchema = z.looseObject({ seconds: z.number() });

/** Units in an order in which each comes after its needs. Throws a RangeError for a need that nobody is, or a circle. */
export function inOrder(units: readonly Unit[]): Unit[] {
  const byName = new Map(units.map((unit) => [unit.name, unit]));
  const order: Unit[] = [];
  const states = new Map<string, 'open' | 'done'>();
  const visit = (name: string, asked: string): void => {
    const unit = byName.get(name);
    if (unit === undefined) throw new RangeError(`${asked} needs ${name}, which is no unit.`);
    if (states.get(name) === 'done') return;
    if (states.get(name) === 'open') throw new RangeError(`${name} needs itself.`);
    states.set(name, 'open');
    for (const need of unit.needs) visit(need, name);
    states.set(name, 'done');
    order.push(unit);
  };
  for (const { name } of units) visit(name, name);
  return order;
}

/** How often a process looks whether another one has finished what it waits for. */
const POLL_MS = 1000;

/**
 * Makes what is not made yet, one unit at a time, since each uses all cores it may. Several processes may work on one
 * folder: what one has begun the others leave to it, and what it has finished they keep.
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
      const made = await make(unit);
      if (made instanceof RunInUseError) busy ??= { unit, error: made };
      else records.set(unit.name, made);
    }
    if (records.size > before) continue;
    // What is left and free needs what is left and busy.
    const { unit, error } = busy!;
    if (unit !== awaited) onEvent({ kind: 'waiting', unit, reason: `${error.message} ${error.hint}` });
    awaited = unit;
    await setTimeout(POLL_MS, undefined, { signal });
  }
  return records;
}

/** `RunInUseError` where another process has it. */
async function openUnit(
  root: string,
  unit: Unit,
  options: Record<string, unknown>,
): Promise<RunFolder | RunInUseError> {
  try {
    // Busy units are looked at again and again: none is waited for here.
    return await openRun({ root, name: unit.name, options, waitMs: 0 });
  } catch (error) {
    if (error instanceof RunInUseError) return error;
    if (!(error instanceof RunMismatchError)) throw error;
    throw invalidInput(
      `${root}: the unit "${unit.name}" was started with other options: ${error.changes}.`,
      `Continue with the settings that ${root} was started with, remove the folders of this unit and of the units made from it, or choose another folder (--runs).`,
    );
  }
}

/** The options that each unit's folder records: its settings, and the fingerprints of what it is made from. */
export function unitOptions(units: readonly Unit[], command: string): ReadonlyMap<string, Record<string, unknown>> {
  const all = new Map<string, Record<string, unknown>>();
  for (const { name, kind, settings, needs } of inOrder(units)) {
    const madeFrom = Object.fromEntries(needs.map((need) => [need, fingerprint(all.get(need)!)]));
    all.set(name, { command, unit: kind, ...settings, madeFrom });
  }
  return all;
}

/** Sixteen hex digits of what decides a unit's result, its needs' needs included; the order of fields does not. */
export function fingerprint(options: Record<string, unknown>): string {
  return createHash('sha256').update(JSON.stringify(options, sortedFields)).digest('hex').slice(0, 16);
}

const sortedFields = (_: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    : value;

async function readManifest(run: RunFolder): Promise<z.infer<typeof manifestSchema> | undefined> {
  const path = run.file('manifest.json');
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  try {
    return manifestSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new MalformedManifestError(path, error);
  }
}

/** The units that are left, each as long as the units of its kind took so far. */
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
