/**
 * The main job (`npm start`). It draws a world, trains a model by reinforcement learning to locate the world's photos
 * better, and writes a page with the result, all in minutes. The initial model was pretrained on careless captions.
 * After an interruption, the same call resumes.
 */
import { invalidInput } from '../../core/errors.ts';
import { CROSSED_RESAMPLES, holmAdjusted } from '../../core/statistics/index.ts';
import { THRESHOLDS_KM } from '../../evaluation/thresholds.ts';
import { WEIGHT_PRESETS } from '../../reward/combine.ts';
import { openRun } from '../../storage/run-folder.ts';
import { provenance } from '../../storage/provenance.ts';
import { writeFileAtomic } from '../../storage/atomic-file.ts';
import type { GrpoRecipe } from '../../training/recipe.ts';
import type { Resources } from '../resources.ts';
import { measuresOf, readPredictions, type StatisticsOptions, testOf } from '../measures.ts';
import { examplesOf, riskOf } from '../report/from-results.ts';
import { trainingPage } from '../report/page.ts';
import { readTrainingCurve } from '../report/training-curve.ts';
import type { BenchmarkName, Measures, PairedTest, PredictionLine } from '../results.ts';
import { runUnits, type UnitEvent, type UnitRecord } from '../../storage/units.ts';
import { drawFolder } from '../units/evaluation.ts';
import { UNITS_COMMAND } from '../units/names.ts';
import { startRunName } from './run-name.ts';
import { AFTER, BEFORE, startContent, type StartFindings } from './start-page.ts';
import { startProtocol } from './start-protocol.ts';
import {
  digestsOf,
  DRAWS,
  START_UNITS,
  type StartFolders,
  startFolders,
  type StartPlan,
  startUnits,
} from './start-units.ts';

const START_FILES = { page: 'report.html', numbers: 'report.json' } as const;

/** Number of held-out scenes that the page shows with the answers before and after training. */
const EXAMPLES = 6;

const STATISTICS: StatisticsOptions = { resamples: CROSSED_RESAMPLES, seed: 20_251_122 };

export type StartOptions = {
  readonly plan: StartPlan;
  /** Folder that contains the runs. */
  readonly root: string;
  /**
   * Name of the run folder in `root`. The default is the first of start, start-2, … that is new or belongs to a run
   * with the same settings.
   */
  readonly name?: string;
  readonly resources: Resources;
  readonly signal: AbortSignal;
  readonly onEvent?: (event: UnitEvent) => void;
};

export type StartRun = Pick<StartFindings, 'before' | 'after' | 'tests' | 'drawn' | 'examples'> & {
  readonly folder: string;
  readonly page: string;
  /** Folder of the trained model. */
  readonly model: string;
  /** True if every unit was finished before this call. */
  readonly wasComplete: boolean;
  /** Total time of all units, including units that earlier calls finished. */
  readonly seconds: number;
};

/**
 * Runs the main job. Throws `invalid-input` if the folder belongs to another job. Errors of the units are thrown
 * unchanged.
 */
export async function runStart({ plan, root, resources, signal, onEvent, ...rest }: StartOptions): Promise<StartRun> {
  const { recipe, curation, world } = plan;
  const digests = await digestsOf(plan);
  const options = { command: 'start', world, curation, recipe, ...digests };
  const name = rest.name ?? (await startRunName(root, options));
  await using run = await openRun({ root, name, options });
  const folders = startFolders(run.path);
  let finished = 0;
  const records = await runUnits(startUnits(plan, { root: run.path, resources, digests }), {
    root: run.path,
    command: UNITS_COMMAND,
    signal,
    now: resources.now,
    onEvent: (event) => {
      if (event.kind === 'finished') finished += 1;
      onEvent?.(event);
    },
  });
  const findings = await findingsOf({ plan, folders, records, resources, signal });
  const seconds = [...records.values()].reduce((sum, record) => sum + record.seconds, 0);
  await writeFileAtomic(run.file(START_FILES.page), trainingPage(startContent(findings)));
  const { curve, examples, ...numbers } = findings;
  const shown = { ...numbers, steps: curve.steps.length, examples: examples.map(({ id }) => id), seconds };
  await writeFileAtomic(run.file(START_FILES.numbers), `${JSON.stringify(shown, null, 2)}\n`);
  await run.complete({ n: findings.before.n, seconds, files: Object.values(START_FILES) });
  return {
    ...findings,
    folder: run.path,
    page: run.file(START_FILES.page),
    model: folders.model,
    wasComplete: finished === 0,
    seconds,
  };
}

type Results = {
  readonly plan: StartPlan;
  readonly folders: StartFolders;
  readonly records: ReadonlyMap<string, UnitRecord>;
  readonly resources: Resources;
  readonly signal: AbortSignal;
};

async function findingsOf({ plan, folders, records, resources, signal }: Results): Promise<StartFindings> {
  const { recipe } = plan;
  const photos = await resources.testPhotos(folders.world, signal);
  const before = await readPredictions(folders.answers.before);
  const after = await readPredictions(folders.answers.after);
  const curve = await readTrainingCurve(folders.training, { arm: AFTER, run: 'start' });
  const { samples } = records.get(START_UNITS.curated)!.manifest['statistics'] as { samples: number };
  const arms = [
    { arm: BEFORE, lines: before },
    { arm: AFTER, lines: after },
  ];
  return {
    before: measured(before, BEFORE),
    after: measured(after, AFTER),
    tests: testsOf(before, after),
    drawn: await drawnOf(folders),
    risk: arms.flatMap(({ arm, lines }) => riskOf({ arm, measures: measured(lines, arm, 'all') })),
    curve,
    examples: examplesOf(photos, arms, EXAMPLES),
    trainingPhotos: Math.min(samples, recipe.data.trainImages ?? samples),
    batchSize: recipe.batchSize,
    groupSize: recipe.groupSize,
    groundingReward: rewardsGrounding(recipe),
    protocol: startProtocol(plan, { records, n: measured(before, BEFORE).n, provenance: provenance() }),
  };
}

/** Measures the sampled answers. Measures are averaged over all samples of a photo. */
async function drawnOf({ answers }: StartFolders): Promise<StartFindings['drawn']> {
  const read = (folder: string): Promise<PredictionLine[][]> =>
    Promise.all(DRAWS.map((draw) => readPredictions(drawFolder(folder, draw))));
  const [before, after] = [await read(answers.before), await read(answers.after)];
  const common = { benchmark: 'localizable', statistics: STATISTICS } as const;
  const [first, second] = [
    { name: `${BEFORE}, drawn`, seeds: DRAWS, predictions: before },
    { name: `${AFTER}, drawn`, seeds: DRAWS, predictions: after },
  ];
  const city = testOf(first, second, {
    ...common,
    measure: { kind: 'accuracy', thresholdKm: 25 },
    question: 'Does training place more photos within 25 km when answers are sampled as in training?',
  });
  return {
    before: measuresOf(before, { ...common, name: first.name }),
    after: measuresOf(after, { ...common, name: second.name }),
    city: { ...city, pAdjusted: city.p },
  };
}

function measured(lines: readonly PredictionLine[], name: string, benchmark: BenchmarkName = 'localizable'): Measures {
  if (!lines.some(({ localizable }) => localizable)) {
    throw invalidInput('The world has no localizable held-out photo.', 'Generate more scenes (--scenes).');
  }
  return measuresOf([lines], { benchmark, name, statistics: STATISTICS });
}

function testsOf(before: readonly PredictionLine[], after: readonly PredictionLine[]): PairedTest[] {
  const [first, second] = [
    { name: BEFORE, seeds: [null], predictions: [before] },
    { name: AFTER, seeds: [null], predictions: [after] },
  ];
  const tests = THRESHOLDS_KM.map((thresholdKm) =>
    testOf(first, second, {
      benchmark: 'localizable',
      measure: { kind: 'accuracy', thresholdKm },
      question: `Does training place more photos within ${thresholdKm} km?`,
      statistics: STATISTICS,
    }),
  );
  const adjusted = holmAdjusted(tests.map(({ p }) => p));
  return tests.map((test, i) => ({ ...test, pAdjusted: adjusted[i]! }));
}

const rewardsGrounding = ({ reward: { weights } }: GrpoRecipe): boolean =>
  (typeof weights === 'string' ? WEIGHT_PRESETS[weights].visual : (weights.visual ?? 0)) > 0;
