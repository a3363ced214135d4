/**
 * A run's folder `runs/NAME/` contains the run's options, its results and manifest.json. The manifest is written last
 * and marks the run as complete. Only one process at a time can use the folder.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { GlobeError, invalidInput } from '../core/errors.ts';
import { writeFileAtomic } from './atomic-file.ts';
import { redactedValue } from '../service/redact.ts';
import { makeFolder } from './output-file.ts';
import { provenance } from './provenance.ts';
import { readJsonIfPresent } from './read-document.ts';
import { lock } from './run-lock.ts';
import { RUN_MANIFEST, RUN_OPTIONS_FILE, writeRunManifest } from './run-manifest.ts';

export const RUNS_FOLDER = 'runs';

/** Describes the file options.json of a run for `readJson`. */
export const RUN_OPTIONS = {
  name: "record of a run's options",
  schema: z.record(z.string(), z.unknown()),
  hint: 'Restore the file, or give the run another name.',
};

export type RunFolder = {
  readonly path: string;
  /** True if an earlier process started this run. */
  readonly resumed: boolean;
  file(name: string): string;
  /** Writes manifest.json, which marks the run as complete. */
  complete(facts: Readonly<Record<string, unknown>>): Promise<void>;
  /** Releases the lock, so that another process can use the folder. */
  release(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
};

/** The run in the folder was started with other options. */
export class RunMismatchError extends GlobeError {
  /** The options that differ, each with both values. */
  readonly changes: string;

  constructor(name: string, changes: string) {
    super({
      code: 'invalid-input',
      message: `Run "${name}" was started with other options: ${changes}.`,
      hint: 'Use the same options to resume that run, or another --run name to start a new run.',
    });
    this.changes = changes;
  }
}

export type OpenRunOptions = {
  readonly root?: string;
  readonly name: string;
  /** All options that affect the results. Opening a folder that has other options is an error. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Returns true if the new options may replace those of an earlier process, for example to raise a limit. */
  readonly mayReplace?: (before: unknown, now: Readonly<Record<string, unknown>>) => boolean;
  /** How long to wait for the lock. A process that was just killed may hold its lock until it exits. */
  readonly waitMs?: number;
  /**
   * Keeps the manifest of a complete run, because the caller reads it. By default, opening a run makes it incomplete.
   */
  readonly keepManifest?: boolean;
};

const EXIT_MS = 1000;

/** Creates the run's folder, or resumes the run that is in it. Throws `RunMismatchError` or `RunInUseError`. */
export async function openRun({
  root = RUNS_FOLDER,
  name,
  options,
  mayReplace = () => false,
  waitMs = EXIT_MS,
  keepManifest = false,
}: OpenRunOptions): Promise<RunFolder> {
  if (!/^[\w][\w.-]*$/.test(name)) {
    throw invalidInput(`Invalid run name: "${name}".`, 'Use letters, digits, ".", "-" and "_".');
  }
  const path = join(root, name);
  const file = (part: string): string => join(path, part);
  await makeFolder(path);
  const { release } = await lock(file('run.lock'), { folder: path, waitMs });
  try {
    const plain = redactedValue(JSON.parse(JSON.stringify(options))) as Record<string, unknown>;
    const before = await readJsonIfPresent(file(RUN_OPTIONS_FILE), RUN_OPTIONS);
    if (before === undefined || mayReplace(before, plain)) await writeFileAtomic(file(RUN_OPTIONS_FILE), json(plain));
    else assertSame({ before, now: plain, name });
    // The files may change from now on, so the digests in the manifest would no longer match.
    if (!keepManifest) await rm(file(RUN_MANIFEST), { force: true });
    return {
      path,
      resumed: before !== undefined,
      file,
      complete: (facts) => writeRunManifest(path, { name, options: plain, ...facts, ...provenance() }),
      release,
      [Symbol.asyncDispose]: release,
    };
  } catch (error) {
    await release();
    throw error;
  }
}

function assertSame({
  before,
  now,
  name,
}: {
  before: Record<string, unknown>;
  now: Record<string, unknown>;
  name: string;
}): void {
  if (isDeepStrictEqual(before, now)) return;
  const changed = [...new Set([...Object.keys(before), ...Object.keys(now)])].filter(
    (key) => !isDeepStrictEqual(before[key], now[key]),
  );
  const values = changed.map((key) => `${key} was ${JSON.stringify(before[key])}, is now ${JSON.stringify(now[key])}`);
  throw new RunMismatchError(name, values.join('; '));
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
