/** Creates the page of `globe reproduce`: all measured tables, and the training curves of the models in them. */
import { join } from 'node:path';
import { proportion } from '../../core/statistics/index.ts';
import { THRESHOLDS_KM } from '../../evaluation/thresholds.ts';
import type { TestPhoto } from '../evaluate-arm.ts';
import { tableName } from '../markdown.ts';
import { readPredictions } from '../measures.ts';
import {
  type AccuracyTable,
  type ArmRow,
  type BenchmarkName,
  type PairedTest,
  type StatisticsTable,
  type TableResult,
  measuresOn,
} from '../results.ts';
import type { Benchmark, ComparedTable, Example, Finding, PageContent, TableLine } from './content.ts';
import { armAccuracy, examplesOf, hallucinationsOf, riskOf } from './from-results.ts';
import { trainingPage } from './page.ts';
import { readTrainingCurve, type TrainingCurve } from './training-curve.ts';
import { points, signed } from './words.ts';

/** Number of held-out scenes that the page shows with the answers before and after training. */
const EXAMPLES = 8;
/** The two arms that examples and headlines show: FIRST is the base, SECOND the trained model. */
const FIRST = 'base-vit';
const SECOND = 'grpo-vit-full-loc-vgc-ga';
/** The arms that SECOND is compared with, each with its name in the text. */
const AGAINST = { [FIRST]: 'its base', 'sft-vit-full': 'SFT' } as const;

const TITLE = 'The paper’s tables in a generated world';

/** Builds the page from the tables of one reproduction. `photos` are its test photos. */
export async function reproductionPage(tables: readonly TableResult[], photos: readonly TestPhoto[]): Promise<string> {
  const accuracy = tables.filter((table) => table.kind === 'accuracy');
  const rows = distinctRows(accuracy);
  const arms = rows.map(({ label }) => label);
  const training = await curvesOf(accuracy);
  const measured = rows.map(({ label, arm, measures }) => ({
    arm: label,
    measures: measures.localizable,
    all: measures.all,
    groundingReward: arm.startsWith('grpo-') ? /-vgc(?:-|$)/u.test(arm) : null,
  }));
  const content: PageContent = {
    title: TITLE,
    summary: summaryOf(tables, rows),
    caution: tables[0]!.caution,
    headlines: headlinesOf(accuracy, rows),
    arms,
    benchmarks: accuracy.flatMap(benchmarksOf),
    differences: [],
    training,
    risk: measured.flatMap(({ arm, all }) => riskOf({ arm, measures: all })),
    hallucinations: measured.flatMap(hallucinationsOf),
    examples: await exampleAnswers(accuracy, photos),
    tables: tables.flatMap((table) => (table.kind === 'accuracy' ? accuracyTables(table) : [statisticsTable(table)])),
    protocol: (accuracy[0] ?? tables[0]!).protocol,
  };
  return trainingPage(content);
}

/** Returns the rows of all tables in order. If several tables share an arm, its row appears once. */
function distinctRows(tables: readonly AccuracyTable[]): ArmRow[] {
  const byArm = new Map(tables.flatMap(({ rows }) => rows).map((row) => [row.arm, row]));
  const base = byArm.get(FIRST);
  return [...new Set([...(base === undefined ? [] : [base]), ...byArm.values()])];
}

function summaryOf(tables: readonly TableResult[], rows: readonly ArmRow[]): string[] {
  const runs = new Set(rows.flatMap(({ runs }) => runs.flatMap(({ training }) => training ?? []))).size;
  const names = tables.flatMap(({ table }) => (table === 'variations' ? [] : [table.replace('table', '')]));
  const varied = names.length < tables.length;
  return [
    ...(names.length === 0
      ? []
      : [
          `Table${names.length === 1 ? '' : 's'} ${names.join(', ')} of the paper, measured in a small generated world whose truth is known.`,
        ]),
    ...(varied ? ['The comparison by number of images and by the teachers’ errors.'] : []),
    ...(runs === 0
      ? []
      : [
          `${runs} small models were trained, every method with the same number of seeds${varied ? '' : ' and on the same photos'}.`,
        ]),
    ...(rows.length === 0
      ? []
      : [
          `All methods answered the same ${rows[0]!.measures.all.n} held-out photos, ${rows[0]!.measures.localizable.n} of which are localizable.`,
        ]),
  ];
}

/** Each headline shows a tested difference with its interval, because an accuracy without a comparison says little. */
function headlinesOf(tables: readonly AccuracyTable[], rows: readonly ArmRow[]): PageContent['headlines'] {
  const city = (name: string): string =>
    points(atCity(rows.find(({ arm }) => arm === name)!.measures.localizable.accuracy).value);
  return Object.entries(AGAINST).flatMap(([name, words]) => {
    const tests = tables.flatMap((table) => table.tests);
    const test = tests.find(
      ({ a, b, benchmark, measure }) =>
        a === name && b === SECOND && benchmark === 'localizable' && measure.kind === 'accuracy',
    );
    if (test === undefined) return [];
    const { difference, low, high } = test;
    const [by, from, to] = [difference, low, high].map((value) => signed(100 * value));
    return [
      {
        value: `${by} points`,
        label: `within 25 km, GRPO with all three rewards against ${words}: ${city(name)} → ${city(SECOND)} % (95 % interval ${from} to ${to})`,
      },
    ];
  });
}

const atCity = <T extends { readonly thresholdKm: number }>(accuracy: readonly T[]): T =>
  accuracy.find(({ thresholdKm }) => thresholdKm === 25)!;

/** `paper` is the corresponding benchmark of the paper, if there is one. */
const BENCHMARKS: Readonly<Record<BenchmarkName, { readonly name: string; readonly paper?: string }>> = {
  localizable: { name: 'localizable photos', paper: 'MP16-Reason-Test' },
  all: { name: 'all photos', paper: 'IM2GPS3K' },
  'tuned cities': { name: 'cities in fine-tuning' },
  'untuned cities': { name: 'cities not in fine-tuning' },
};

const titleOf = ({ table, title }: TableResult): string => `${tableName(table)}: ${title}`;

function benchmarksOf(table: AccuracyTable): Benchmark[] {
  return table.benchmarks.map((benchmark) => ({
    name: `${titleOf(table)}, ${BENCHMARKS[benchmark].name}`,
    description: `${measuresOn(table.rows[0]!.measures, benchmark).n} held-out photos${replacedWords(benchmark)}. Means over training seeds.`,
    arms: table.rows.map(({ label, runs, measures }) =>
      armAccuracy({ arm: label, measures: measuresOn(measures, benchmark), runs: runs.length }),
    ),
  }));
}

const replacedWords = (benchmark: BenchmarkName): string => {
  const { paper } = BENCHMARKS[benchmark];
  return paper === undefined ? '' : `, in place of the paper’s ${paper}`;
};

/** Reads only the training curves of language models, because classifiers and retrievers log other metrics. */
async function curvesOf(tables: readonly AccuracyTable[]): Promise<TrainingCurve[]> {
  const curves = new Map<string, Promise<TrainingCurve>>();
  for (const { rows, runsFolder } of tables) {
    for (const { arm, label, runs, measures } of rows.filter((row) => /^(?:grpo|sft)-/u.test(row.arm))) {
      for (const [i, { training, seed }] of runs.entries()) {
        if (training === undefined || curves.has(training)) continue;
        const { n, accuracy } = measures.localizable;
        const curve = readTrainingCurve(join(runsFolder, training), { arm: label, run: `${arm}, seed ${seed}` });
        curves.set(
          training,
          curve.then((read) => withFinal(read, { n, share: atCity(accuracy).perSeed[i]! })),
        );
      }
    }
  }
  return Promise.all(curves.values());
}

/** Adds the final accuracy to a training curve without evaluations. */
function withFinal(curve: TrainingCurve, { n, share }: { n: number; share: number }): TrainingCurve {
  if (curve.evaluations.length > 0) return curve;
  const { value, low, high } = proportion(Math.round(share * n), n)!;
  return { ...curve, evaluations: [{ step: curve.steps.length, n, value, low, high }] };
}

async function exampleAnswers(tables: readonly AccuracyTable[], photos: readonly TestPhoto[]): Promise<Example[]> {
  const arms = [FIRST, SECOND].map((name) => {
    const table = tables.find(({ rows }) => rows.some(({ arm }) => arm === name));
    const row = table?.rows.find(({ arm }) => arm === name);
    return row === undefined
      ? undefined
      : { label: row.label, folder: join(table!.runsFolder, row.runs[0]!.evaluation) };
  });
  const known = arms.filter((arm) => arm !== undefined);
  if (known.length < arms.length) return [];
  const answers = known.map(async ({ label, folder }) => ({ arm: label, lines: await readPredictions(folder) }));
  return examplesOf(photos, await Promise.all(answers), EXAMPLES);
}

function accuracyTables(table: AccuracyTable): ComparedTable[] {
  const labels = new Map(table.rows.map(({ arm, label }) => [arm, label]));
  return table.benchmarks.map((benchmark) => ({
    title: `${titleOf(table)}, ${BENCHMARKS[benchmark].name}`,
    question: `Percent within the distance, with 95 % intervals${table.paper === undefined || BENCHMARKS[benchmark].paper === undefined ? '' : `; the paper’s on ${BENCHMARKS[benchmark].paper}`}.`,
    unit: 'share',
    columns: THRESHOLDS_KM.map((km) => `${km.toLocaleString('en-US')} km`),
    measured: table.rows.map(({ label, runs, measures }) => ({
      label,
      note: `n = ${measuresOn(measures, benchmark).n}${runs.length > 1 ? `, ${runs.length} seeds` : ''}`,
      cells: measuresOn(measures, benchmark).accuracy,
    })),
    published: publishedLines(table, BENCHMARKS[benchmark].paper),
    findings: table.tests.filter((test) => test.benchmark === benchmark).map((test) => findingOf(test, labels)),
  }));
}

function publishedLines({ paper }: AccuracyTable, benchmark: string | undefined): TableLine[] {
  if (benchmark === undefined) return [];
  return (paper?.rows ?? []).flatMap(({ label, accuracyPercent }) => {
    const percents = accuracyPercent[benchmark];
    return percents == null ? [] : [{ label, cells: percents.map((percent) => ({ value: percent / 100 })) }];
  });
}

function findingOf(test: PairedTest, labels: ReadonlyMap<string, string>): Finding {
  const { a, b, measure, question, difference: value, low, high, pAdjusted, n } = test;
  const what = measure.kind === 'accuracy' ? `within ${measure.thresholdKm} km` : 'things not shown per reasoning';
  return {
    question,
    compared: `${labels.get(b) ?? b} minus ${labels.get(a) ?? a}, ${what}, n = ${n}`,
    difference: { value, low, high },
    unit: measure.kind === 'accuracy' ? 'points' : 'things',
    pAdjusted,
  };
}

function statisticsTable(table: StatisticsTable): ComparedTable {
  return {
    title: titleOf(table),
    question: 'How many photos, countries, cities and scenes of each kind are in a set?',
    unit: 'count',
    columns: table.paper.columns,
    measured: table.rows.map(({ label, statistics: { samples, countries, cities, scenes } }) => ({
      label,
      cells: [samples, countries, cities, scenes.indoor, scenes.natural, scenes.urban].map((value) => ({ value })),
    })),
    published: table.paper.rows.map(({ label, values }) => ({ label, cells: values.map((value) => ({ value })) })),
    findings: [],
  };
}
