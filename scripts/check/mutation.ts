/**
 * `npm run test:mutation -- [AREA …]` runs StrykerJS over each area and writes docs/mutation.md. It fails if an area is
 * below its minimum score, or a surviving mutant has no reason in mutation-reasons.json. `--summary` only rewrites the
 * document from the reports of earlier runs in build/.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AREAS, type Area } from './mutation-areas.ts';

type Position = { readonly line: number; readonly column: number };
type Mutant = {
  readonly status: 'Killed' | 'Timeout' | 'Survived' | 'NoCoverage' | 'Ignored' | 'CompileError' | 'RuntimeError';
  readonly statusReason?: string;
  readonly replacement: string;
  readonly location: { readonly start: Position; readonly end: Position };
};
type Report = { readonly files: Readonly<Record<string, { readonly source: string; readonly mutants: Mutant[] }>> };
type Survivor = {
  readonly file: string;
  readonly line: number;
  readonly key: string;
  readonly reason: string | undefined;
};

const ROOT = join(import.meta.dirname, '..', '..');
const DOCUMENT = join(ROOT, 'docs', 'mutation.md');
const reasons = JSON.parse(readFileSync(join(import.meta.dirname, 'mutation-reasons.json'), 'utf8')) as Readonly<
  Record<string, Readonly<Record<string, string>>>
>;
const reportOf = ({ name }: Area): string => join(ROOT, 'build', `mutation-${name.replaceAll('/', '-')}.json`);

function mutate(area: Area): void {
  const { status } = spawnSync('node', ['node_modules/.bin/stryker', 'run'], {
    cwd: ROOT,
    stdio: 'inherit',
    env: {
      ...process.env,
      MUTATION_FILES: JSON.stringify(area.files),
      MUTATION_TESTS: JSON.stringify(area.tests),
      MUTATION_REPORT: reportOf(area),
    },
  });
  if (status !== 0) throw new Error(`Stryker failed on ${area.name} (exit ${status}).`);
}

/**
 * Returns the key of a mutant in mutation-reasons.json, which consists of the mutated text and its replacement. The key
 * has no line number, so it stays valid if other parts of the file change.
 */
function keyOf({ location: { start, end }, replacement }: Mutant, source: string): string {
  const lines = source.split('\n').slice(start.line - 1, end.line);
  lines[lines.length - 1] = lines.at(-1)!.slice(0, end.column - 1);
  lines[0] = lines[0]!.slice(start.column - 1);
  const flat = (text: string): string => text.replaceAll(/\s+/gu, ' ').slice(0, 100);
  return `${flat(lines.join('\n'))} → ${flat(replacement)}`;
}

function readArea(area: Area) {
  const { files } = JSON.parse(readFileSync(reportOf(area), 'utf8')) as Report;
  const mutants = Object.values(files).flatMap((file) => file.mutants);
  const count = (...statuses: readonly Mutant['status'][]): number =>
    mutants.filter(({ status }) => statuses.includes(status)).length;
  const survivors = Object.entries(files).flatMap(([file, { source, mutants }]) =>
    mutants
      .filter(({ status }) => status === 'Survived' || status === 'NoCoverage')
      .map((mutant): Survivor => {
        const key = keyOf(mutant, source);
        return { file, line: mutant.location.start.line, key, reason: reasons[file]?.[key] };
      }),
  );
  const killed = count('Killed', 'Timeout');
  const atLoad = mutants.filter(({ statusReason }) => statusReason?.startsWith('Static mutant')).length;
  return { area, killed, survivors, atLoad, score: (100 * killed) / (killed + survivors.length) };
}

const code = (text: string): string => `\`${text.replaceAll('|', '\\|').replaceAll('`', 'ˋ')}\``;

function documentOf(results: readonly ReturnType<typeof readArea>[]): string {
  const survivors = results.flatMap((result) => result.survivors);
  const files = Object.entries(Object.groupBy(survivors, ({ file }) => file));
  return [
    '# Mutation tests',
    '',
    'StrykerJS changes the code in one place at a time; a test must then fail. `npm run test:mutation` runs it over the',
    'areas below and writes this page; `npm run test:mutation -- core/statistics` runs one area. A change that makes the',
    'code run without end counts as killed.',
    '',
    `Measured on ${new Date().toISOString().slice(0, 10)}.`,
    '',
    '| area | killed | survived | score | least |',
    '| --- | ---: | ---: | ---: | ---: |',
    ...results.map(
      ({ area, killed, survivors: left, score }) =>
        `| \`${area.name}\` | ${killed} | ${left.length} | ${score.toFixed(1)} % | ${area.minScore} % |`,
    ),
    '',
    '## Left out',
    '',
    '- The words of messages and reasons (StringLiteral): they may change without a change of behaviour.',
    `- What runs once when a module is loaded (static mutants, ${results.reduce((sum, { atLoad }) => sum + atLoad, 0)} in all areas): each would run every test of its area.`,
    '- `src/reward/service-reward.ts`: its tests need a server and are in `test/service-reward.test.ts`.',
    '- Tests that take seconds a run: `scripts/check/vitest.mutation.config.ts` names them.',
    '',
    '## Survivors',
    ...files.flatMap(([file, list]) => [
      '',
      `### ${file}`,
      '',
      '| line | change | reason |',
      '| ---: | --- | --- |',
      ...list!.map(
        ({ line, key, reason }) => `| ${line} | ${code(key)} | ${reason ?? 'open: no test and no reason yet'} |`,
      ),
    ]),
    '',
  ].join('\n');
}

const args = process.argv.slice(2).filter((arg) => arg !== '--summary');
const unknown = args.find((arg) => !AREAS.some(({ name }) => name === arg));
if (unknown !== undefined)
  throw new Error(`Unknown area: ${unknown}. Areas: ${AREAS.map(({ name }) => name).join(', ')}.`);
if (!process.argv.includes('--summary')) {
  for (const area of AREAS) if (args.length === 0 || args.includes(area.name)) mutate(area);
}
const results = AREAS.filter((area) => existsSync(reportOf(area))).map(readArea);
writeFileSync(DOCUMENT, documentOf(results));
for (const { area, score, survivors } of results) {
  const open = survivors.filter(({ reason }) => reason === undefined).length;
  console.log(`${area.name}: ${score.toFixed(1)} %, ${survivors.length} survived, ${open} of them without a reason`);
  if (score < area.minScore || open > 0) process.exitCode = 1;
}
