/**
 * Checkpoints of a run. `progress.json` names the checkpoint folder only after the folder is complete. A resumed run
 * first discards all records that are newer than its checkpoint, so that its files equal those of an uninterrupted run.
 */
import { hash } from 'node:crypto';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { TrainingBackend } from './backends/training-backend.ts';
import { invalidInput } from '../core/errors.ts';
import { writeFileAtomic } from '../storage/atomic-file.ts';
import { parseLogLines } from '../storage/log-line.ts';
import { readJsonIfPresent } from '../storage/read-document.ts';

/** Saves and loads the complete training state, so that a resumed run is exact, bit for bit. */
export type Resumable = Pick<TrainingBackend, 'saveState' | 'loadState'>;

const progressSchema = z.object({
  step: z.int().nonnegative(),
  folder: z.string(),
  /** SHA-256 of each checkpoint file, by name. Runs of older versions lack it. */
  files: z.record(z.string(), z.string()).exactOptional(),
});

export type Progress = z.infer<typeof progressSchema>;

const PROGRESS_FILE = 'progress.json';
const CHECKPOINTS = 'checkpoints';

/** Saves the backend's state after `step` steps, then deletes all other checkpoints. */
export async function saveProgress(runFolder: string, step: number, backend: Resumable): Promise<void> {
  const folder = join(CHECKPOINTS, `step-${String(step).padStart(6, '0')}`);
  await mkdir(join(runFolder, folder), { recursive: true });
  await backend.saveState(join(runFolder, folder));
  const progress: Progress = { step, folder, files: await digestsOf(join(runFolder, folder)) };
  await writeFileAtomic(join(runFolder, PROGRESS_FILE), `${JSON.stringify(progress)}\n`);
  // Several old checkpoints can exist, because a process that is killed before this loop leaves one behind.
  for (const name of await readdir(join(runFolder, CHECKPOINTS))) {
    const other = join(CHECKPOINTS, name);
    if (other !== folder) await rm(join(runFolder, other), { recursive: true, force: true });
  }
}

/** Reads which checkpoint a run has. Returns undefined for a run without a checkpoint. */
export async function readProgress(runFolder: string): Promise<Progress | undefined> {
  return readJsonIfPresent(join(runFolder, PROGRESS_FILE), {
    name: "record of a run's progress",
    schema: progressSchema,
    hint: 'Start a new run under another name.',
  });
}

/** Throws `invalid-input` if a checkpoint file has changed, because training would then resume from other weights. */
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

const lineSchema = z.looseObject({ step: z.int().nonnegative() });

/** A line of a record file, about one step. */
type StepRecord<Fields> = Fields & { readonly step: number };

/**
 * Deletes the records of `step` and later steps, and an incomplete last line, because the resumed run writes them
 * again. Returns the remaining records.
 */
export async function keepRecordsBefore<Fields extends object>(
  path: string,
  step: number,
): Promise<StepRecord<Fields>[]> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  const schema = z.custom<StepRecord<Fields>>((value) => lineSchema.safeParse(value).success);
  const records = parseLogLines(whole, path, { schema }).filter((record) => record.step < step);
  if (text !== '') await writeFileAtomic(path, records.map((record) => `${JSON.stringify(record)}\n`).join(''));
  return records;
}
