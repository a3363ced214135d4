/** Reads the records of a training run (metrics.jsonl, times.jsonl and evaluations.jsonl) as curves. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { invalidInput } from '../../core/errors.ts';
import { checkRunFile } from '../../storage/run-manifest.ts';
import { TRAINING_FILES } from '../../training/training-loop.ts';

const number = z.number().nullable().optional();

const metricsSchema = z.looseObject({
  step: z.int(),
  loss: number,
  reward: number,
  kl: number,
  entropy: number,
  completionTokens: number,
  statistics: z
    .looseObject({ components: z.record(z.string(), z.looseObject({ mean: z.number().nullable() })) })
    .optional(),
});

const timesSchema = z.object({ step: z.int() }).catchall(z.number());

const evaluationSchema = z.looseObject({
  step: z.int(),
  n: z.int(),
  accuracy: z.record(z.string(), z.looseObject({ value: z.number(), low: z.number(), high: z.number() })),
});

export type CurveStep = {
  readonly step: number;
  /**
   * Values by name: reward, each reward component, kl, entropy, completionTokens, loss. Unmeasured values are absent.
   */
  readonly values: Readonly<Record<string, number>>;
};

export type TrainingCurve = {
  readonly arm: string;
  /** Name of the run. It tells the seeds of a method apart. */
  readonly run: string;
  readonly steps: readonly CurveStep[];
  /** For each step, the milliseconds of each part: sampleMs, rewardMs, referenceMs, updateMs. */
  readonly times: readonly Readonly<Record<string, number>>[];
  /** For each evaluation: after how many steps it ran, and the share of the held-out photos within 25 km. */
  readonly evaluations: readonly {
    readonly step: number;
    readonly n: number;
    readonly value: number;
    readonly low: number;
    readonly high: number;
  }[];
};

/** Reads the records in a run folder. Throws `invalid-input` for an invalid record. */
export async function readTrainingCurve(
  folder: string,
  { arm, run }: { readonly arm: string; readonly run: string },
): Promise<TrainingCurve> {
  const [metrics, times, evaluations] = await Promise.all([
    readLines(join(folder, TRAINING_FILES.metrics), metricsSchema),
    readLines(join(folder, TRAINING_FILES.times), timesSchema),
    readLines(join(folder, TRAINING_FILES.evaluations), evaluationSchema),
  ]);
  return {
    arm,
    run,
    steps: metrics.map(({ step, loss, reward, kl, entropy, completionTokens, statistics }) => {
      const components = Object.entries(statistics?.components ?? {}).map(([name, { mean }]) => [name, mean] as const);
      const all = [...Object.entries({ reward, kl, entropy, completionTokens, loss }), ...components];
      return { step, values: Object.fromEntries(all.filter(([, value]) => value != null)) as Record<string, number> };
    }),
    times: times.map((record) => Object.fromEntries(Object.entries(record).filter(([key]) => key !== 'step'))),
    evaluations: evaluations.flatMap(({ step, n, accuracy }) =>
      accuracy['25'] === undefined ? [] : [{ step, n, ...accuracy['25'] }],
    ),
  };
}

async function readLines<T>(path: string, schema: z.ZodType<T>): Promise<T[]> {
  await checkRunFile(path);
  const text = await readFile(path, 'utf8');
  return text.split('\n').flatMap((line, index) => {
    if (line === '') return [];
    const parsed = schema.safeParse(JSON.parse(line));
    if (parsed.success) return [parsed.data];
    throw invalidInput(
      `Invalid training record in ${path}, line ${index + 1}: ${z.prettifyError(parsed.error).replaceAll('\n', ' ')}`,
    );
  });
}
