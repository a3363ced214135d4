/**
 * Formats a table of results as Markdown: the measured rows, the tests in words, and the paper's rows in a separate
 * table.
 */
import { LEVELS, THRESHOLDS_KM } from '../evaluation/thresholds.ts';
import {
  type AccuracyTable,
  type ArmRow,
  type BenchmarkName,
  type Estimate,
  type MachineOfUnits,
  type Measures,
  type PairedTest,
  type PaperRow,
  type SearchResult,
  type StatisticsRow,
  type StatisticsTable,
  type TableName,
  type TableResult,
  measuresOn,
} from './results.ts';
import { verdictOf } from './verdict.ts';

export function tableMarkdown(result: TableResult | SearchResult): string {
  const versions = Object.entries(result.versions).map(([name, version]) => `${name} ${version}`);
  const protocol = [
    ...result.protocol,
    { label: 'Time', text: `${duration(result.wallSeconds)} for all units of this table.` },
    { label: 'Made on', text: `${result.machines.map(machineWords).join('; ')}.` },
    { label: 'Versions', text: `${versions.join(', ')}.` },
    { label: 'Runs', text: `\`${result.runsFolder}\`, one folder per run with recipe, metrics and predictions.` },
  ];
  return `${[
    `# ${title(result)}`,
    `**${result.caution}**`,
    ...bodyOf(result),
    '## Protocol',
    protocol.map(({ label, text }) => `- **${label}**: ${text}`).join('\n'),
  ].join('\n\n')}\n`;
}

function machineWords({ machine, units }: MachineOfUnits): string {
  const { cpu, cores, memoryGiB, platform, node } = machine;
  return `${cpu}, ${cores} cores, ${memoryGiB} GiB, ${platform}, Node ${node}: ${units} ${units === 1 ? 'unit' : 'units'}`;
}

const title = (result: TableResult | SearchResult): string =>
  result.kind === 'search'
    ? `${result.title} in miniature`
    : `${tableName(result.table)} in miniature: ${result.title}`;

/** Returns the name of a table, such as "Table 3" or "Variations". */
export const tableName = (table: TableName): string =>
  table.startsWith('table') ? `Table ${table.slice('table'.length)}` : `${table[0]!.toUpperCase()}${table.slice(1)}`;

function bodyOf(result: TableResult | SearchResult): string[] {
  switch (result.kind) {
    case 'accuracy':
      return accuracySections(result);
    case 'statistics':
      return statisticsSections(result);
    case 'search':
      return searchSections(result);
  }
}

function searchSections({ rows }: SearchResult): string[] {
  const body = rows.map(({ method, backbone, settings, measures, trainingSeconds, stopped, chosen }) => [
    backbone,
    method === 'base' ? 'base' : method.toUpperCase(),
    Object.entries(settings)
      .map(([name, value]) => `${name} ${JSON.stringify(value).replaceAll('"', '')}`)
      .join(', '),
    percent(measures.accuracy.find(({ thresholdKm }) => thresholdKm === 25)!),
    percent(measures.countryMatch),
    trainingSeconds === undefined ? '–' : duration(trainingSeconds),
    [chosen ? '**chosen**' : '', stopped === undefined ? '' : `stopped: ${stopped}`].filter(Boolean).join(', '),
  ]);
  return [
    '## Measured on validation photos',
    `n = ${rows[0]!.measures.n} photos, one seed each. Percent, with 95 % intervals.`,
    markdown(['', 'method', 'settings', 'within 25 km', 'country named', 'time', ''], body),
  ];
}

function accuracySections(result: AccuracyTable): string[] {
  const { benchmarks } = result;
  const reasons = result.rows.some(({ measures }) => measures.localizable.reasoning !== undefined);
  return [
    ...benchmarks.flatMap((benchmark) => [
      `## Measured: ${BENCHMARK_WORDS[benchmark]}`,
      `n = ${measuresOn(result.rows[0]!.measures, benchmark).n} photos. Percent within the distance, mean over seeds, with 95 % intervals.${ceilingWords(result, benchmark)}`,
      accuracyTable(result.rows, benchmark),
    ]),
    '## Outcomes of the answers',
    outcomesTable(result.rows, benchmarks[0]!),
    ...(reasons ? ['## Reasonings, and abstention by localizability', reasoningTable(result.rows)] : []),
    ...notesOf(result.rows),
    '## Tests',
    'Differences in percentage points (b − a) with 95 % intervals; p without correction, and after Holm’s correction over this table.',
    testsTable(result),
    ...paperSections(result),
  ];
}

function paperSections({ paper }: AccuracyTable): string[] {
  if (paper === undefined) return [];
  return [
    '## The paper’s numbers',
    `${paper.source}; ${paper.protocol}. Other models and photos: for orientation, not for comparison.`,
    paperTable(paper.rows),
  ];
}

const BENCHMARK_WORDS: Readonly<Record<BenchmarkName, string>> = {
  localizable: 'localizable photos (in place of MP16-Reason-Test)',
  all: 'all photos (in place of IM2GPS3K)',
  'tuned cities': 'localizable photos of cities that the curated sets show',
  'untuned cities': 'localizable photos of cities that the curated sets do not show',
};

function ceilingWords({ ceiling = {} }: AccuracyTable, benchmark: BenchmarkName): string {
  const share = ceiling[benchmark];
  if (share === undefined) return '';
  return ` Ceiling: an ideal observer of the visible cues places ${(100 * share.value).toFixed(1)} % within 25 km.`;
}

const HEADS = THRESHOLDS_KM.map((km) => `${km.toLocaleString('en-US')} km (${LEVELS[km]})`);

function accuracyTable(rows: readonly ArmRow[], benchmark: BenchmarkName): string {
  const body = rows.map((row, i) => {
    const { accuracy, countryMatch, cityMatch } = measuresOn(row.measures, benchmark);
    return [
      groupCell(rows, i),
      row.label,
      String(row.runs.length),
      ...accuracy.map(percent),
      percent(countryMatch),
      percent(cityMatch),
      duration(row.wallSeconds),
    ];
  });
  return markdown(['', '% within', 'seeds', ...HEADS, 'country named', 'city named', 'time'], body);
}

/** Returns the group's name for the first row of the group, and an empty text for its other rows. */
function groupCell(rows: readonly ArmRow[], i: number): string {
  const { group = '' } = rows[i]!;
  return group === rows[i - 1]?.group ? '' : group;
}

function outcomesTable(rows: readonly ArmRow[], benchmark: BenchmarkName): string {
  const body = rows.map(({ label, measures }) => {
    const measured = measuresOn(measures, benchmark);
    const { located, refused, unparseable, notGeocodable, failed } = measured.outcomes;
    const perSeed = accuracyPerSeed(measured);
    return [label, ...[located, refused, unparseable, notGeocodable, failed].map(String), perSeed];
  });
  const head = ['answers of all seeds', 'located', 'refused', 'unparseable', 'unknown place', 'failed'];
  return markdown([...head, '% within 25 km by seed'], body);
}

const accuracyPerSeed = ({ accuracy }: Measures): string =>
  accuracy
    .find(({ thresholdKm }) => thresholdKm === 25)!
    .perSeed.map((value) => (100 * value).toFixed(1))
    .join(', ');

function reasoningTable(rows: readonly ArmRow[]): string {
  const body = rows.flatMap(({ label, measures: { localizable, all } }) => {
    const { reasoning } = localizable;
    if (reasoning === undefined) return [];
    const curve = all.riskCoverage;
    const areas = curve === undefined ? ['–', '–', '–', '–'] : areasOf(curve);
    return [[label, plain(reasoning.entities), plain(reasoning.hallucinated), ...areas]];
  });
  return markdown(
    [
      'per reasoning, localizable photos',
      'named things',
      'named things not in the photo',
      'all photos: % missed at 25 km, all answered',
      'the most certain half answered',
      'area under risk and coverage',
      'best possible area',
    ],
    body,
  );
}

function areasOf({ points, area, areaOfChance, areaOfOracle }: NonNullable<Measures['riskCoverage']>): string[] {
  const half = points.find(({ coverage }) => coverage >= 0.5)!;
  return [(100 * areaOfChance).toFixed(1), (100 * half.risk).toFixed(1), area.toFixed(3), areaOfOracle.toFixed(3)];
}

function notesOf(rows: readonly ArmRow[]): string[] {
  const notes = rows.flatMap(({ label, notes: some }) => some.map((note) => `- ${label}: ${note}`));
  return notes.length === 0 ? [] : ['Notes', notes.join('\n')];
}

function testsTable({ tests, rows }: AccuracyTable): string {
  const labelOf = (arm: string): string => rows.find((row) => row.arm === arm)?.label ?? arm;
  const body = tests.map((test) => [
    test.question,
    labelOf(test.a),
    labelOf(test.b),
    measureWords(test),
    differenceWords(test),
    pValue(test.p),
    pValue(test.pAdjusted),
    `${test.n}; ${test.seeds.a} and ${test.seeds.b}`,
    verdictWords(test),
  ]);
  return markdown(['question', 'a', 'b', 'measure', 'b − a', 'p', 'p, Holm', 'photos; seeds', 'in words'], body);
}

const measureWords = ({ measure, benchmark }: PairedTest): string =>
  measure.kind === 'accuracy' ? `within ${measure.thresholdKm} km, ${benchmark}` : `invented things, ${benchmark}`;

function differenceWords({ measure, difference, low, high }: PairedTest): string {
  const [scale, digits] = measure.kind === 'accuracy' ? [100, 1] : [1, 2];
  const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(scale * value).toFixed(digits)}`;
  return `${signed(difference)} [${signed(low)}, ${signed(high)}]`;
}

/**
 * Describes the result of a test. If a difference is not significant, the text does not claim that the arms are equal.
 */
function verdictWords(test: PairedTest): string {
  const lessIsBetter = test.measure.kind !== 'accuracy';
  const verdict = verdictOf(test, { lessIsBetter });
  if (verdict === 'not shown') return 'no difference shown';
  const [better, worse] = lessIsBetter ? ['b invents fewer', 'b invents more'] : ['b is better', 'b is worse'];
  return verdict === 'gain' ? better : worse;
}

const pValue = (p: number): string => (p < 0.001 ? '< 0.001' : p.toFixed(3));

function paperTable(rows: readonly PaperRow[]): string {
  const benchmarks = Object.keys(rows[0]!.accuracyPercent);
  const body = rows.map(({ label, accuracyPercent }) => [
    label,
    ...benchmarks.flatMap((name) => {
      const accuracy = accuracyPercent[name];
      return THRESHOLDS_KM.map((_, i) => (accuracy == null ? '–' : accuracy[i]!.toFixed(2)));
    }),
  ]);
  const heads = benchmarks.flatMap((name) => THRESHOLDS_KM.map((km) => `${name}, ${km.toLocaleString('en-US')} km`));
  return markdown(['paper, % within', ...heads], body);
}

function statisticsSections({ rows, paper }: StatisticsTable): string[] {
  const head = ['', 'split', 'samples', 'countries', 'cities', 'indoor', 'natural', 'urban'];
  const body = rows.map(({ label, split, statistics: { samples, countries, cities, scenes } }) => [
    label,
    split,
    ...[samples, countries, cities, scenes.indoor, scenes.natural, scenes.urban].map((value) =>
      value.toLocaleString('en-US'),
    ),
  ]);
  const judged = rows.filter(({ errors }) => errors !== undefined);
  return [
    '## Measured',
    markdown(head, body),
    ...(judged.length === 0 ? [] : ['### Errors in the kept reasonings', errorsTable(judged)]),
    ...noteLines(rows),
    '## The paper’s numbers',
    `${paper.source}. Other photos: for orientation, not for comparison.`,
    markdown(
      ['paper', ...paper.columns],
      paper.rows.map(({ label, values }) => [label, ...values.map((value) => value.toLocaleString('en-US'))]),
    ),
  ];
}

function errorsTable(rows: readonly StatisticsRow[]): string {
  const shown = (error: { share: number; n: number } | null | undefined): string =>
    error == null ? '–' : `${(100 * error.share).toFixed(1)} % of ${error.n.toLocaleString('en-US')}`;
  return markdown(
    ['', 'wrong place', 'invented thing', 'either'],
    rows.map(({ label, errors }) => [
      label,
      shown(errors?.wrongPlace),
      shown(errors?.hallucination),
      shown(errors?.either),
    ]),
  );
}

function noteLines(rows: readonly StatisticsRow[]): string[] {
  const notes = rows.flatMap(({ label, notes: some }) => some.map((note) => `- ${label}: ${note}`));
  return notes.length === 0 ? [] : [notes.join('\n')];
}

const percent = ({ value, low, high }: Estimate): string =>
  `${(100 * value).toFixed(1)} [${(100 * low).toFixed(1)}, ${(100 * high).toFixed(1)}]`;

const plain = ({ value, low, high }: Estimate): string => `${value.toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}]`;

function markdown(head: readonly string[], body: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...body.map(line)].join('\n');
}

/** Formats a duration: "45 s", "12 min", "3.4 h". */
function duration(seconds: number): string {
  if (seconds < 90) return `${seconds.toFixed(0)} s`;
  return seconds < 5400 ? `${(seconds / 60).toFixed(0)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
