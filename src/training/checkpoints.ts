/**
 * Checkpoints of a run. `progress.json` names a checkpoint folder only after that folder is complete. A resumed run
 * first discards the records of steps after its checkpoint, so that its record files match those of an uninterrupted
 * run.
 */
import { createHash, hash } from 'node:crypto';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { TrainingBackend } from './backends/training-backend.ts';
import { invalidInput } from '../core/errors.ts';
import { writeFileAtomic } from '../storage/atomic-file.ts';
import { openAppendLog } from '../storage/append-log.ts';
import { logLine, parseLogLines, recordText } from '../storage/log-line.ts';

/**
 * The part of a backend that saves and loads the complete training state, so that a resumed run is exact, bit for bit.
 */
export type Resumable = Pick<TrainingBackend, 'saveState' | 'loadState'>;

/** Version of progress.json. Older files have neither `format` nor digests. */
const FORMAT = 1;

const progressSchema = z.object({
  format: z.literal(FORMAT, { error: 'the run is from a newer version of GLOBE: upgrade' }).exactOptional(),
  step: z.int().nonnegative(),
  folder: z.string(),
  /** SHA-256 of each checkpoint file, by name. */
  files: z.record(z.string(), z.string()).exactOptional(),
  /** SHA-256 for each record file, by file name. It covers only the lines about steps before the checkpoint. */
  records: z.record(z.string(), z.string()).exactOptional(),
});

export type Progress = z.infer<typeof progressSchema>;

const PROGRESS_FILE = 'progress.json';
const CHECKPOINTS = 'checkpoints';

export type SaveProgressOptions = {
  readonly step: number;
  readonly backend: Resumable;
  /** SHA-256 for each record file, by file name. It covers only the lines about steps before `step`. */
  readonly records: Readonly<Record<string, string>>;
};

/** Saves the backend's state after `step` steps, then deletes all other checkpoints. */
export async function saveProgress(runFolder: string, { step, backend, records }: SaveProgressOptions): Promise<void> {
  const folder = join(CHECKPOINTS, `step-${String(step).padStart(6, '0')}`);
  await mkdir(join(runFolder, folder), { recursive: true });
  await backend.saveState(join(runFolder, folder));
  const progress: Progress = {
    format: FORMAT,
    step,
    folder,
    files: await digestsOf(join(runFolder, folder)),
    records: { ...records },
  };
  await writeFileAtomic(join(runFolder, PROGRESS_FILE), `${logLine(progress)}\n`);
  // There can be several old checkpoints: a process that is killed before this loop runs leaves its previous checkpoint
  // behind.
  for (const name of await readdir(join(runFolder, CHECKPOINTS))) {
    const other = join(CHECKPOINTS, name);
    if (other !== folder) await rm(join(runFolder, other), { recursive: true, force: true });
  }
}

/** Reads progress.json. Returns undefined for a run without a checkpoint. */
export async function readProgress(runFolder: string): Promise<Progress | undefined> {
  const path = join(runFolder, PROGRESS_FILE);
  const text = await textIfPresent(path);
  if (text === undefined) return undefined;
  const hint = 'Restore the file from a copy, or start a new run under another name.';
  const isDigested = /"sha256":"[\da-f]{64}"\}\n$/u.test(text);
  const [progress] = parseLogLines(text, path, { digests: true, schema: progressSchema, hint });
  if (progress === undefined) throw invalidInput(`${path} has no complete line.`, hint);
  if (progress.format !== undefined && !isDigested) throw invalidInput(`${path} has lost its digest.`, hint);
  return progress;
}

/**
 * Throws `invalid-input` if a checkpoint file has changed since it was saved, because training would then resume from
 * other weights.
 */
export async function checkCheckpoint(runFolder: string, { folder, files }: Progress): Promise<void> {
  if (files === undefined) return;
  const now = await digestsOf(join(runFolder, folder));
  const changed = Object.keys({ ...files, ...now }).find((name) => files[name] !== now[name]);
  if (changed === undefined) return;
  throw invalidInput(
    `${join(runFolder, folder, changed)} has changed since the run wrote it: its digest does not match.`,
    'Restore the file from a copy, or start a new run under another name.',
  );
}

async function digestsOf(folder: string): Promise<Record<string, string>> {
  const names = (await readdir(folder)).toSorted();
  const digests = names.map(async (name) => [name, hash('sha256', await readFile(join(folder, name)))] as const);
  return Object.fromEntries(await Promise.all(digests));
}

async function textIfPresent(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}

const lineSchema = z.looseObject({ step: z.int().nonnegative() });

/** A line of a record file: the fields of one step. */
type StepRecord<Fields> = Fields & { readonly step: number };

/**
 * Deletes the records of `step` and later steps, and an incomplete last line, because the resumed run writes them
 * again. Returns the remaining records. Throws `invalid-input` if their digest is not `digest`.
 */
export async function keepRecordsBefore<Fields extends object>(
  path: string,
  step: number,
  digest: string | undefined,
): Promise<StepRecord<Fields>[]> {
  const text = (await textIfPresent(path)) ?? '';
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  const schema = z.custom<StepRecord<Fields>>((value) => lineSchema.safeParse(value).success);
  const records = parseLogLines(whole, path, { schema }).filter((record) => record.step < step);
  const kept = records.map(recordLine).join('');
  if (digest !== undefined && hash('sha256', kept) !== digest) {
    throw invalidInput(
      `${path} has changed since the run wrote it: its records before step ${step} do not match their digest.`,
      'Restore the file from a copy, or start a new run under another name.',
    );
  }
  if (text !== '') await writeFileAtomic(path, kept);
  return records;
}

const recordLine = (record: object): string => `${recordText(record)}\n`;

export type RecordFile = {
  append(record: StepRecord<object>): Promise<void>;
  /** Returns the SHA-256 of the lines about the steps before `step`. */
  digestBefore(step: number): string;
  close(): Promise<void>;
};

/** Opens a record file for appending. `kept` contains the records that are already in the file. */
export async function openRecordFile(path: string, kept: readonly StepRecord<object>[]): Promise<RecordFile> {
  const log = await openAppendLog(path);
  const sum = createHash('sha256');
  // Records that are not in the digest yet. Digests cover only the steps before a given step, but the file may already
  // contain records of later steps.
  let pending = [...kept];
  return {
    append: async (record) => {
      await log.append(record);
      pending.push(record);
    },
    digestBefore: (step) => {
      for (const record of pending) if (record.step < step) sum.update(recordLine(record));
      pending = pending.filter((record) => record.step >= step);
      return sum.copy().digest('hex');
    },
    close: async () => log.close(),
  };
}
