/**
 * Implements `globe reproduce`. Runs the units that the tables need. Then writes the tables as JSON and Markdown, and a
 * page with all tables.
 */
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { defined } from '../core/defined.ts';
import { invalidInput } from '../core/errors.ts';
import type { Gazetteer } from '../gazetteer/gazetteer.ts';
import type { Grounder } from '../grounding/grounding.ts';
import { LOCATE_PROMPT_VERSION } from '../prompts/locate-prompt.ts';
import { provenance } from '../storage/provenance.ts';
import { registrationCommit } from '../storage/registration.ts';
import { writeFileAtomic } from '../storage/atomic-file.ts';
import type { Backbone } from './arms.ts';
import { type Resources, openResources } from './resources.ts';
import { buildTable, type Measured, unitsOfTable } from './build-tables.ts';
import { tableMarkdown } from './markdown.ts';
import type { Plan } from './plan-schema.ts';
import type { ProtocolFacts } from './protocol.ts';
import { reproductionPage } from './report/reproduction-page.ts';
import { PAGE_FILE, resultFile, type SearchResult, type TableName, type TableResult } from './results.ts';
import { inOrder, runUnits, type Unit, type UnitEvent } from '../storage/units.ts';
import { SEARCHED } from './recipes.ts';
import { buildSearch, unitsOfSearch } from './search.ts';
import { FEWER_IMAGES } from './tables.ts';
import { createUnits, type UnitFactory } from './units/create-units.ts';
import { UNITS_COMMAND } from './units/names.ts';

export type ReproduceOptions = {
  readonly plan: Plan;
  readonly tables: readonly TableName[];
  /** Folder that contains the runs. */
  readonly root: string;
  /** Folder to write the result files to. */
  readonly out: string;
  /** Checkpoint folders that replace bases of the plan. */
  readonly bases?: Partial<Readonly<Record<Backbone, string>>>;
  readonly gazetteer: Gazetteer;
  readonly grounder: Grounder;
  readonly signal: AbortSignal;
  /** A monotonic clock, in milliseconds. */
  readonly now: () => number;
  readonly onEvent?: (event: UnitEvent) => void;
};

export type Reproduction = { readonly tables: readonly TableResult[]; readonly files: readonly string[] };

/**
 * Runs the reproduction. Finished units stay on disk, so a killed call can resume. Several processes can share the
 * work.
 */
export async function reproduce(options: ReproduceOptions): Promise<Reproduction> {
  const { plan, tables, root, out, signal } = options;
  if (tables.includes('variations')) assertMoreImages(plan);
  if (tables.includes('registered')) assertRegistered(plan);
  return withUnits(options, async ({ resources, units, facts, run }) => {
    const needed = new Map<string, Unit>();
    for (const table of tables) for (const unit of unitsOfTable(table, plan, units)) needed.set(unit.name, unit);
    const records = await run(cheapFirst(inOrder([...needed.values()])));
    const measured = new Map<string, Promise<Measured>>();
    const results: TableResult[] = [];
    const files: string[] = [];
    for (const table of tables) {
      const result = await buildTable(table, { plan, root, units, records, facts, resources, signal, measured });
      results.push(result);
      files.push(...(await writeResult(result, resultNames(out, table))));
    }
    const photos = results.some(({ kind }) => kind === 'accuracy')
      ? await resources.testPhotos(units.inputs.testWorld, signal)
      : [];
    const page = join(out, PAGE_FILE);
    await writeFileAtomic(page, await reproductionPage(results, photos));
    files.push(page);
    return { tables: results, files };
  });
}

/** Runs the hyper-parameter search. Like `reproduce`, it can resume, and several processes can share the work. */
export async function search(
  options: Omit<ReproduceOptions, 'tables'>,
): Promise<{ readonly result: SearchResult; readonly files: readonly string[] }> {
  const { plan, root, out } = options;
  if (SEARCHED.every(({ kind, backbone }) => plan.search[kind][backbone].length === 0)) {
    throw invalidInput('The plan has no variants to search.', 'List variants under search.sft or search.grpo.');
  }
  return withUnits(options, async ({ units, facts, run }) => {
    const records = await run(cheapFirst(unitsOfSearch(plan, units)));
    const result = await buildSearch({ plan, root, units, records, facts });
    return { result, files: await writeResult(result, resultNames(out, 'search')) };
  });
}

type Work = {
  readonly resources: Resources;
  readonly units: UnitFactory;
  readonly facts: ProtocolFacts;
  readonly run: (units: readonly Unit[]) => ReturnType<typeof runUnits>;
};

async function withUnits<T>(options: Omit<ReproduceOptions, 'tables'>, work: (tools: Work) => Promise<T>): Promise<T> {
  const { plan, root, bases = {}, gazetteer, grounder, signal, now, onEvent } = options;
  const resources = openResources({ gazetteer, grounder, now });
  try {
    const units = await createUnits({ plan, root, bases, resources });
    return await work({
      resources,
      units,
      facts: factsOf(units.existing),
      run: async (order) =>
        runUnits(order, {
          root,
          command: UNITS_COMMAND,
          signal,
          now,
          facts: { geocoder: nameOf(gazetteer), ...registrationFact(plan) },
          ...defined({ onEvent }),
        }),
    });
  } finally {
    await resources.dispose();
  }
}

const resultNames = (out: string, name: TableName | 'search') =>
  ({ json: join(out, resultFile(name, 'json')), md: join(out, resultFile(name, 'md')) }) as const;

async function writeResult(
  result: TableResult | SearchResult,
  { json, md }: ReturnType<typeof resultNames>,
): Promise<string[]> {
  await mkdir(dirname(json), { recursive: true });
  await writeFileAtomic(json, `${JSON.stringify(result, null, 2)}\n`);
  await writeFileAtomic(md, tableMarkdown(result));
  return [json, md];
}

function assertMoreImages({ curation }: Plan): void {
  const most = FEWER_IMAGES.at(-1)!;
  if (curation.images > most) return;
  throw invalidInput(
    `Invalid curation.images: ${curation.images}. The variations also train on ${FEWER_IMAGES.join(', ')} images.`,
    `Set curation.images above ${most}.`,
  );
}

/**
 * Sorts units so that a wrong plan fails early. The order is: worlds, curated sets, the judge, bases, then all other
 * units.
 */
function cheapFirst(units: readonly Unit[]): Unit[] {
  const rank = ({ kind }: Unit): number => ['world', 'curation', 'judge', 'base'].indexOf(kind);
  const early = units.filter((unit) => rank(unit) >= 0).toSorted((a, b) => rank(a) - rank(b));
  return [...early, ...units.filter((unit) => rank(unit) < 0)];
}

/**
 * Returns the commit that registered the comparison, for the manifest of every unit. Throws if the decision record is
 * not committed.
 */
/**
 * Throws `invalid-input` if the commit of the registration is unknown: then nobody could check that the comparison was
 * registered before its first run.
 */
function assertRegistered({ registered }: Plan): void {
  if (registered === undefined || registrationCommit(registered.record) !== undefined) return;
  throw invalidInput(
    `Cannot find the commit of the registration ${registered.record}.`,
    'Run the registered comparison from a git checkout.',
  );
}

function registrationFact({ registered }: Plan): { readonly registration?: string } {
  return registered === undefined ? {} : defined({ registration: registrationCommit(registered.record) });
}

const nameOf = ({ provenance: { provider, version } }: Gazetteer): string => `${provider} ${version}`;

function factsOf(existing: ProtocolFacts['existing']): ProtocolFacts {
  const { version, commit, machine } = provenance();
  return {
    versions: {
      globe: version,
      ...defined({ commit }),
      node: machine.node,
      prompt: LOCATE_PROMPT_VERSION,
    },
    existing,
  };
}
