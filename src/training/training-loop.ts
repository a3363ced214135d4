/**
 * The training loop of every method: steps, records, checkpoints, evaluations, early stop and resume. All randomness
 * derives from the seed and the step number. A resumed run therefore has the same records as an uninterrupted run, bit
 * for bit.
 */
import { join } from 'node:path';
import { defined } from '../core/defined.ts';
import { RewardOutageError } from '../reward/reward-outage.ts';
import {
  checkCheckpoint,
  keepRecordsBefore,
  openRecordFile,
  readProgress,
  type Resumable,
  saveProgress,
} from './checkpoints.ts';

/** The metrics of one step, as a line of metrics.jsonl. */
export type StepMetrics = Readonly<Record<string, unknown>>;

/** Output of a step: its lines for metrics.jsonl and times.jsonl, and a few samples for samples.jsonl. */
export type StepResult<Metrics extends StepMetrics = StepMetrics> = {
  readonly metrics: Metrics;
  readonly times: Readonly<Record<string, number>>;
  readonly samples?: readonly Readonly<Record<string, unknown>>[];
};

export type TrainingLoopOptions<Metrics extends StepMetrics = StepMetrics> = {
  readonly runFolder: string;
  readonly backend: Resumable;
  readonly steps: number;
  readonly checkpointEvery: number;
  /**
   * Number of steps between evaluations. Evaluations also run before the first and after the last step. 0 disables all
   * evaluations.
   */
  readonly evaluateEvery: number;
  step(step: number): Promise<StepResult<Metrics>>;
  evaluate(step: number): Promise<Readonly<Record<string, unknown>>>;
  /** Returns a reason to stop early, or undefined to continue. `history` has the metrics of all steps so far. */
  stopReason?(history: readonly Metrics[]): string | undefined;
  onStep?(step: number, result: StepResult<Metrics>): void;
  onEvaluation?(step: number, result: Readonly<Record<string, unknown>>): void;
  readonly signal: AbortSignal;
};

export type TrainingLoopResult = { readonly stepsDone: number; readonly resumedAt?: number; readonly stopped?: string };

/** Folder of the trained model in the run folder. */
export const MODEL_FOLDER = 'model';

/** Names of the record files in the run folder. */
export const TRAINING_FILES = {
  metrics: 'metrics.jsonl',
  times: 'times.jsonl',
  samples: 'samples.jsonl',
  evaluations: 'evaluations.jsonl',
} as const;

export async function runTrainingLoop<Metrics extends StepMetrics>(
  options: TrainingLoopOptions<Metrics>,
): Promise<TrainingLoopResult> {
  const { runFolder, backend, steps, checkpointEvery, evaluateEvery, signal } = options;
  const progress = await readProgress(runFolder);
  const from = progress?.step ?? 0;
  if (progress !== undefined) await checkCheckpoint(runFolder, progress);
  if (progress !== undefined) await backend.loadState(join(runFolder, progress.folder), { signal });
  const file = (name: keyof typeof TRAINING_FILES): string => join(runFolder, TRAINING_FILES[name]);
  const keep = <Fields extends object>(name: keyof typeof TRAINING_FILES) =>
    keepRecordsBefore<Fields>(file(name), from, progress?.records?.[TRAINING_FILES[name]]);
  const history = await keep<Metrics>('metrics');
  const logs = {
    metrics: await openRecordFile(file('metrics'), history),
    times: await openRecordFile(file('times'), await keep('times')),
    samples: await openRecordFile(file('samples'), await keep('samples')),
    evaluations: await openRecordFile(file('evaluations'), await keep('evaluations')),
  };
  const save = (step: number): Promise<void> => {
    const names = Object.keys(logs) as (keyof typeof logs)[];
    const records = Object.fromEntries(names.map((name) => [TRAINING_FILES[name], logs[name].digestBefore(step)]));
    return saveProgress(runFolder, { step, backend, records });
  };
  const evaluateAt = async (step: number): Promise<void> => {
    const evaluation = await options.evaluate(step);
    await logs.evaluations.append({ step, ...evaluation });
    options.onEvaluation?.(step, evaluation);
  };
  try {
    let stopped = options.stopReason?.(history);
    let step = from;
    for (; step < steps && stopped === undefined; step++) {
      signal.throwIfAborted();
      // The evaluation runs before the step, so a run that resumes at this step repeats the evaluation too.
      if (evaluateEvery > 0 && step % evaluateEvery === 0) await evaluateAt(step);
      const result = await options.step(step).catch(async (error: unknown) => {
        // If the reward service is down, the step fails before the weights change, so a checkpoint saved now lets the
        // run resume at this step.
        if (error instanceof RewardOutageError) await save(step);
        throw error;
      });
      await logs.metrics.append({ step, ...result.metrics });
      await logs.times.append({ step, ...result.times });
      for (const sample of result.samples ?? []) await logs.samples.append({ step, ...sample });
      history.push({ step, ...result.metrics });
      options.onStep?.(step, result);
      stopped = options.stopReason?.(history);
      const done = step + 1;
      if (done % checkpointEvery === 0 || done === steps || stopped !== undefined) {
        await save(done);
      }
    }
    if (evaluateEvery > 0) await evaluateAt(step);
    return {
      stepsDone: step,
      ...(progress !== undefined && { resumedAt: from }),
      ...defined({ stopped }),
    };
  } finally {
    for (const log of Object.values(logs)) await log.close();
  }
}
