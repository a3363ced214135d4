/**
 * Builds the result of a table from finished units: rows with measures, corrected tests, the protocol and the paper's
 * rows.
 */
import { defined } from '../core/defined.ts';
import { invalidInput } from '../core/errors.ts';
import { holmAdjusted } from '../core/statistics/index.ts';
import { createTable1Counter } from '../curation/dataset/table1.ts';
import type { Table1Row } from '../curation/dataset/table1.ts';
import { MODES } from '../curation/recipe/recipe.ts';
import { PAPER_PROTOCOL, PAPER_SOURCE, TABLE_1 } from '../evaluation/paper-tables.ts';
import { openWorld } from '../miniature/world.ts';
import type { SceneTruth } from '../miniature/truth.ts';
import { type Arm, armLabel, armName, type Backbone, FAMILY_BACKBONE, isDoseSet, isTrained } from './arms.ts';
import type { Resources } from './resources.ts';
import { idealAccuracy } from './probe/probe.ts';
import { isOn, measuresOf, readPredictions, type TestedArm, testOf } from './measures.ts';
import type { Plan } from './plan-schema.ts';
import { protocolOf, statisticsProtocol } from './protocol.ts';
import { type Finished, geocodedFacts, resultFacts } from './result-facts.ts';
import type {
  AccuracyTable,
  ArmRow,
  ArmRun,
  BenchmarkName,
  PairedTest,
  StatisticsRow,
  StatisticsTable,
  TableName,
  TableResult,
} from './results.ts';
import { inOrder, type Unit } from '../storage/units.ts';
import { ACCURACY_TABLES, type AccuracyTableName, CITY, type TableArm, type TableContent } from './tables.ts';
import type { UnitFactory } from './units/create-units.ts';
import { tablePhotos } from './table-photos.ts';
import { curatedUnit, evaluationUnit, pilotUnit, trainingUnit, WORLD_UNITS } from './units/names.ts';

/** Returns all units that a table needs. A unit comes after the units whose results it uses. */
export function unitsOfTable(table: TableName, plan: Plan, units: UnitFactory): Unit[] {
  const shared = [units.world('pretraining'), units.world('pool'), ...testWorld(units)];
  const sets = MODES.map((set) => units.curated(set));
  if (table === 'table1') return inOrder([...shared, ...sets]);
  const needed = new Map<string, Unit>();
  const add = (...some: readonly Unit[]): void => {
    for (const unit of some) needed.set(unit.name, unit);
  };
  if (table !== 'pilot') add(...testWorld(units));
  add(units.world('pretraining'), ...units.judge());
  if (units.judge().length > 0) add(...units.tower(FAMILY_BACKBONE));
  const addBase = (backbone: Backbone): void => {
    const bases = units.base(backbone);
    add(...(bases.length > 0 ? units.tower(backbone) : []), ...bases);
  };
  for (const { arm } of ACCURACY_TABLES[table].arms) {
    if (arm.kind === 'base') addBase(arm.backbone);
    if (arm.kind === 'family') addBase(FAMILY_BACKBONE);
    if (arm.kind === 'sft' || arm.kind === 'grpo') {
      add(units.world('pool'), ...(isDoseSet(arm.set) ? [units.curated('full')] : []), units.curated(arm.set));
      addBase(arm.backbone);
    }
    for (const seed of seedsOf(arm, table, plan)) {
      if (isTrained(arm)) add(units.training(arm, seed!));
      add(table === 'pilot' ? units.pilot(arm, seed) : units.evaluation(arm, seed));
    }
  }
  return inOrder([...needed.values()]);
}

/**
 * Returns the unit of the test world. Before it come the base and the gates, because the test world is drawn only if
 * the base passes the gates.
 */
function testWorld(units: UnitFactory): Unit[] {
  const gates = units.gates(FAMILY_BACKBONE);
  const bases = gates.length === 0 ? [] : units.base(FAMILY_BACKBONE);
  return [...(bases.length === 0 ? [] : units.tower(FAMILY_BACKBONE)), ...bases, ...gates, units.world('test')];
}

/** Returns the training seeds of an arm in a table. For an arm without training, returns a single null. */
function seedsOf(arm: Arm, table: TableName, plan: Plan): readonly (number | null)[] {
  if (!isTrained(arm)) return [null];
  if (table === 'pilot') return registrationOf(plan).pilotSeeds;
  return table === 'registered' ? registeredSeeds(plan) : plan.seeds;
}

function registeredSeeds(plan: Plan): readonly number[] {
  const { seeds } = registrationOf(plan);
  if (seeds !== undefined) return seeds;
  throw invalidInput(
    'The plan does not state the seeds of the registered comparison.',
    'Run the pilot, then register their number: state it in the record and in registered.seeds.',
  );
}

function registrationOf({ registered }: Plan): NonNullable<Plan['registered']> {
  if (registered !== undefined) return registered;
  throw invalidInput('The plan registers no comparison.', 'Add registered: { record, seeds, pilotSeeds } to the plan.');
}

/**
 * Returns the name of the unit that contains an arm's answers in a table. The pilot uses answers to validation photos.
 */
const evaluationIn = (table: TableName, arm: Arm, seed: number | null): string =>
  table === 'pilot' ? pilotUnit(arm, seed) : evaluationUnit(arm, seed);

const isComparison = (table: TableName): boolean => table === 'registered' || table === 'pilot';

export type BuildOptions = Finished & {
  readonly resources: Resources;
  readonly signal: AbortSignal;
  /** Measures of arms, by arm name. They are cached, because several tables share arms. */
  readonly measured: Map<string, Promise<Measured>>;
};

export type Measured = TestedArm & { readonly measures: ArmRow['measures'] };

export async function buildTable(table: TableName, options: BuildOptions): Promise<TableResult> {
  return table === 'table1' ? statisticsTable(options) : accuracyTable(table, options);
}

async function accuracyTable(table: AccuracyTableName, options: BuildOptions): Promise<AccuracyTable> {
  const { plan } = options;
  const rest = unitsOfTable(table, plan, options.units);
  const content = ACCURACY_TABLES[table];
  const rows: ArmRow[] = [];
  for (const one of content.arms) rows.push(await rowOf(one, { table, options, paper: content.paper }));
  const tests: Omit<PairedTest, 'pAdjusted'>[] = [];
  for (const { a, b, question, measure = CITY, benchmark = 'localizable' } of content.tests) {
    const [first, second] = [await measuredArm(a, table, options), await measuredArm(b, table, options)];
    tests.push(testOf(first, second, { benchmark, measure, question, statistics: plan.statistics }));
  }
  const adjusted = holmAdjusted(tests.map(({ p }) => p));
  return {
    kind: 'accuracy',
    table,
    ...resultFacts(rest, options),
    title: content.title,
    benchmarks: content.benchmarks,
    protocol: protocolOf(plan, geocodedFacts(rest, options)),
    rows,
    tests: tests.map((test, i) => ({ ...test, pAdjusted: adjusted[i]! })),
    ceiling: await ceilingOf(table, options),
    ...(content.paper && { paper: { source: PAPER_SOURCE, protocol: PAPER_PROTOCOL, rows: content.paper } }),
  };
}

/** Returns the ideal observer's accuracy on the table's photos, by benchmark. */
async function ceilingOf(
  table: AccuracyTableName,
  options: BuildOptions,
): Promise<NonNullable<AccuracyTable['ceiling']>> {
  const { units, resources } = options;
  const { arms, benchmarks } = ACCURACY_TABLES[table];
  const world = await openWorld(table === 'pilot' ? units.inputs.pretrainingWorld : units.inputs.testWorld);
  const { predictions } = await measuredArm(arms[0]!.arm, table, options);
  const shares = benchmarks.flatMap((benchmark) => {
    const scenes = predictions[0]!.filter((line) => isOn(line, benchmark)).map(({ id }) => world.byId(id)!);
    const share = idealAccuracy(scenes, resources.gazetteer);
    return share === undefined ? [] : [[benchmark, share] as const];
  });
  return Object.fromEntries(shares);
}

async function rowOf(
  { arm, group, notes = [], paper: label }: TableArm,
  { table, options, paper }: { table: AccuracyTableName; options: BuildOptions; paper: TableContent['paper'] },
): Promise<ArmRow> {
  const { plan } = options;
  const runs = seedsOf(arm, table, plan).map((seed) => runOf(arm, seed, { table, options }));
  const theirs = label === undefined ? undefined : paper?.find((row) => row.label === label);
  if (label !== undefined && theirs === undefined) throw new RangeError(`The paper has no row "${label}".`);
  const early = runs.flatMap(({ seed, stopped }) =>
    stopped === undefined ? [] : [`Seed ${seed} stopped early: ${stopped}.`],
  );
  return {
    arm: armName(arm),
    label: armLabel(arm),
    ...defined({ group }),
    runs,
    measures: (await measuredArm(arm, table, options)).measures,
    wallSeconds: runs.reduce((sum, run) => sum + (run.trainingSeconds ?? 0) + run.evaluationSeconds, 0),
    notes: [...notes, ...early],
    ...(theirs && { paper: theirs }),
  };
}

function runOf(
  arm: Arm,
  seed: number | null,
  { table, options: { records } }: { table: AccuracyTableName; options: BuildOptions },
): ArmRun {
  const evaluation = evaluationIn(table, arm, seed);
  const evaluationSeconds = records.get(evaluation)!.seconds;
  const training = isTrained(arm) ? trainingUnit(arm, seed!) : undefined;
  if (training === undefined) return { seed, evaluation, evaluationSeconds };
  const { seconds, manifest } = records.get(training)!;
  const { stepsDone, stopped } = manifest as { stepsDone?: number; stopped?: string };
  return {
    seed,
    training,
    evaluation,
    trainingSeconds: seconds,
    evaluationSeconds,
    ...defined({ steps: stepsDone, stopped }),
  };
}

function measuredArm(arm: Arm, table: AccuracyTableName, options: BuildOptions): Promise<Measured> {
  const { measured } = options;
  // Tables 2 to 5 and the variations use the same seeds and photos, so they share cache entries. The comparisons have
  // their own entries.
  const name = `${isComparison(table) ? `${table}/` : ''}${armName(arm)}`;
  const cached = measured.get(name);
  if (cached !== undefined) return cached;
  const measurement = measureArm(arm, table, options);
  measured.set(name, measurement);
  return measurement;
}

async function measureArm(arm: Arm, table: AccuracyTableName, { plan, root, signal }: BuildOptions): Promise<Measured> {
  signal.throwIfAborted();
  const seeds = seedsOf(arm, table, plan);
  const name = armName(arm);
  const all = await Promise.all(seeds.map((seed) => readPredictions(`${root}/${evaluationIn(table, arm, seed)}`)));
  const photos = isComparison(table) || plan.tablePhotos === undefined ? undefined : plan.tablePhotos;
  const predictions = photos === undefined ? all : all.map((lines) => tablePhotos(lines, photos));
  const { statistics } = plan;
  const of = (benchmark: BenchmarkName) => measuresOf(predictions, { benchmark, name, statistics });
  const split = predictions[0]!.some(({ tunedCity }) => tunedCity !== undefined);
  return {
    name,
    seeds,
    predictions,
    measures: {
      localizable: of('localizable'),
      all: of('all'),
      ...(split && { 'tuned cities': of('tuned cities'), 'untuned cities': of('untuned cities') }),
    },
  };
}

async function statisticsTable(options: BuildOptions): Promise<StatisticsTable> {
  const { plan, units, records } = options;
  const rest = unitsOfTable('table1', plan, units);
  const { pretrainingWorld, poolWorld, testWorld } = units.inputs;
  const [pretraining, pool, test] = await Promise.all([pretrainingWorld, poolWorld, testWorld].map(openWorld));
  const { images } = plan.curation;
  const worldRow = (
    name: keyof typeof WORLD_UNITS,
    row: Pick<StatisticsRow, 'set' | 'label' | 'split' | 'notes'> & { scenes: readonly SceneTruth[] },
  ): StatisticsRow => {
    const { scenes, ...rest } = row;
    const { seconds } = records.get(WORLD_UNITS[name])!;
    return { ...rest, statistics: statisticsOf(scenes), folder: WORLD_UNITS[name], wallSeconds: seconds };
  };
  const isIn = (split: 'train' | 'test') => (scene: SceneTruth) => scene.split === split;
  const tested = test!.scenes.filter(isIn('test'));
  return {
    kind: 'statistics',
    table: 'table1',
    ...resultFacts(rest, options),
    title: 'Statistics of the curated sets and of the test photos',
    protocol: statisticsProtocol(plan, geocodedFacts(rest, options)),
    rows: [
      ...MODES.toReversed().map((set) => curatedRow(set, options)),
      worldRow('pool', {
        set: 'pool',
        label: 'Pool of the curation, before any gate',
        split: 'train',
        scenes: pool!.scenes.filter(isIn('train')),
        notes: [`Every method trains on the same ${images} images of a set.`],
      }),
      worldRow('pretraining', {
        set: 'pretraining',
        label: 'Pretraining photos of the bases',
        split: 'train',
        scenes: pretraining!.scenes.filter(isIn('train')),
        notes: [],
      }),
      worldRow('test', {
        set: 'test-localizable',
        label: 'Test, localizable',
        split: 'test',
        scenes: tested.filter(({ difficulty }) => difficulty !== 'not-localizable'),
        notes: ['Replaces the paper’s MP16-Reason-Test, which is filtered.'],
      }),
      worldRow('test', {
        set: 'test-all',
        label: 'Test, all',
        split: 'test',
        scenes: tested,
        notes: ['Replaces the paper’s IM2GPS3K, which is not filtered.'],
      }),
    ],
    paper: {
      source: PAPER_SOURCE,
      columns: TABLE_1.columns,
      rows: Object.entries(TABLE_1.rows).map(([label, values]) => ({ label, values })),
    },
  };
}

const SET_LABELS = {
  full: 'Multi-source validation',
  single: 'Single-source validation',
  random: 'Random sampling',
} as const;

type Shared = { readonly value: number; readonly n: number } | undefined;
type CurationFacts = {
  readonly statistics: Table1Row;
  readonly quality?: { readonly wrongPlace?: Shared; readonly hallucination?: Shared; readonly error?: Shared };
};

function curatedRow(set: (typeof MODES)[number], { records }: BuildOptions): StatisticsRow {
  const { seconds, manifest } = records.get(curatedUnit(set))!;
  // The cast is safe: `curateSet` of this program wrote the manifest for this plan.
  const { statistics, quality } = manifest as unknown as CurationFacts;
  const share = (of: Shared) => (of === undefined ? null : { share: of.value, n: of.n });
  return {
    set,
    label: SET_LABELS[set],
    split: 'train',
    statistics,
    folder: curatedUnit(set),
    wallSeconds: seconds,
    notes: [],
    ...(quality && {
      errors: {
        wrongPlace: share(quality.wrongPlace),
        hallucination: share(quality.hallucination),
        either: share(quality.error),
      },
    }),
  };
}

function statisticsOf(scenes: readonly SceneTruth[]): Table1Row {
  const counter = createTable1Counter();
  for (const { country, city, setting } of scenes) counter.add({ country, city, scene: setting });
  return counter.row();
}
