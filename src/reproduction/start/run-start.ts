/**
 * The main job: a model that has learnt from careless captions learns by reinforcement to place photos better, from the
 * drawing of the world to the page with the result, in minutes. Stopped at any moment, the same call goes on.
 */
import { random, shuffled } from '../../core/random.ts';
import { invalidInput } from '../../core/errors.ts';
import { type Comparison, compare, measure, type Metrics, type Observation } from '../../evaluation/index.ts';
import { WEIGHT_PRESETS } from '../../reward/combine.ts';
import { openRun, provenance, writeFileAtomic } from '../../storage/index.ts';
import type { GrpoRecipe } from '../../training/recipe.ts';
import type { Bench } from '../bench.ts';
import type { Example } from '../report/content.ts';
import { trainingPage } from '../report/page.ts';
import { readTrainingCurve } from '../report/training-curve.ts';
import { runUnits, type UnitEvent, type UnitRecord } from '../run-units.ts';
import { type Answered, exampleAnswer, hallucinationOf, observationsOf, readAnswers } from './answers.ts';
import { AFTER, BEFORE, startContent, type StartFindings } from './start-page.ts';
import { startProtocol } from './start-protocol.ts';
import { START_UNITS, startFolders, type StartPlan, startUnits, weightsDigest } from './start-units.ts';

export const START_FILES = { page: 'report.html', numbers: 'report.json' } as const;

/** Held-out scenes that are shown before and after. */
const EXAMPLES = 6;
const EXAMPLE_SEED = 6;

export type StartOptions = {
  readonly plan: StartPlan;
  readonly root: string;
  readonly name: string;
  readonly bench: Bench;
  readonly signal: AbortSignal;
  readonly onEvent?: (event: UnitEvent) => void;
};

export type Started = {
  readonly folder: string;
  readonly page: string;
  /** The trained model. */
  readonly model: string;
  /** Every part was done before this call. */
  readonly wasComplete: boolean;
  readonly n: number;
  readonly before: Metrics;
  readonly after: Metrics;
  readonly comparison: Comparison;
  readonly examples: readonly Example[];
  /** Of all parts, those of earlier calls included. */
  readonly seconds: number;
};

/** Throws `invalid-input` for a folder that another job was started in, and what its parts throw. */
export async function runStart({ plan, root, name, bench, signal, onEvent }: StartOptions): Promise<Started> {
  const baseDigest = await weightsDigest(plan.base);
  const { recipe, curation, world } = plan;
  const options = { command: 'start', world, curation, recipe, base: baseDigest };
  await using run = await openRun({ root, name, options });
  const folders = startFolders(run.path);
  let made = 0;
  const records = await runUnits(startUnits(plan, { root: run.path, bench, baseDigest }), {
    root: run.path,
    signal,
    now: bench.now,
    onEvent: (event) => {
      if (event.kind === 'finished') made += 1;
      onEvent?.(event);
    },
  });
  const photos = await bench.testPhotos(folders.world, signal);
  const before = await readAnswers(folders.answers.before, photos);
  const after = await readAnswers(folders.answers.after, photos);
  const findings = await findingsOf({ plan, before, after, records, training: folders.training });
  const seconds = [...records.values()].reduce((sum, record) => sum + record.seconds, 0);
  await writeFileAtomic(run.file(START_FILES.page), trainingPage(startContent(findings)));
  const { curve: _, examples, ...numbers } = findings;
  await writeFileAtomic(
    run.file(START_FILES.numbers),
    `${JSON.stringify({ ...numbers, examples: examples.map(({ id }) => id), seconds }, null, 2)}\n`,
  );
  await run.complete({ n: findings.n, seconds, files: Object.values(START_FILES) });
  return {
    folder: run.path,
    page: run.file(START_FILES.page),
    model: folders.model,
    wasComplete: made === 0,
    n: findings.n,
    before: findings.before,
    after: findings.after,
    comparison: findings.comparison,
    examples,
    seconds,
  };
}

type Results = {
  readonly plan: StartPlan;
  readonly before: readonly Answered[];
  readonly after: readonly Answered[];
  readonly records: ReadonlyMap<string, UnitRecord>;
  /** Folder of the training's records. */
  readonly training: string;
};

async function findingsOf({ plan, before, after, records, training }: Results): Promise<StartFindings> {
  const { recipe } = plan;
  const [first, second] = [observationsOf(before), observationsOf(after)];
  const curve = await readTrainingCurve(training, { arm: AFTER, run: 'start' });
  const curated = records.get(START_UNITS.curated)!.manifest['statistics'] as { samples: number };
  return {
    n: first.length,
    before: measured(first),
    after: measured(second),
    comparison: compare({ name: BEFORE, observations: first }, { name: AFTER, observations: second }),
    hallucinations: [
      hallucinationOf(before, { arm: BEFORE, groundingReward: null }),
      hallucinationOf(after, { arm: AFTER, groundingReward: usesGrounding(recipe) }),
    ],
    curve,
    examples: examplesOf(before, after),
    trainingPhotos: Math.min(curated.samples, recipe.data.trainImages ?? curated.samples),
    steps: curve.steps.length,
    batchSize: recipe.batchSize,
    groupSize: recipe.groupSize,
    protocol: startProtocol(plan, { records, n: first.length, provenance: provenance() }),
  };
}

function measured(observations: readonly Observation[]): Metrics {
  const metrics = measure(observations);
  if (metrics !== undefined) return metrics;
  throw invalidInput('The world has no held-out photo that can be placed.', 'Draw more scenes (--scenes).');
}

const usesGrounding = ({ reward: { weights } }: GrpoRecipe): boolean =>
  (typeof weights === 'string' ? WEIGHT_PRESETS[weights].visual : (weights.visual ?? 0)) > 0;

/** Drawn by lot, whatever the answers are; each of another city, as far as there are so many. */
function examplesOf(before: readonly Answered[], after: readonly Answered[]): Example[] {
  const drawn = shuffled([...before.keys()], random(EXAMPLE_SEED));
  const cityOf = (i: number): string => before[i]!.line.truth.city;
  const firsts = drawn.filter((i, k) => drawn.findIndex((other) => cityOf(other) === cityOf(i)) === k);
  const chosen = [...new Set([...firsts, ...drawn])].slice(0, EXAMPLES);
  return chosen.map((i) => {
    const { id, image, truth } = before[i]!.photo.example;
    return {
      id,
      image,
      truth: [truth.city, truth.country].filter(Boolean).join(', '),
      answers: [exampleAnswer(before[i]!, BEFORE), exampleAnswer(after[i]!, AFTER)],
    };
  });
}
