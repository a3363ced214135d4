/**
 * `globe reproduce` as a function: the units that some tables rest on, then the tables, written as JSON and Markdown, and a
 * page of all of them.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Gazetteer } from '../gazetteer/gazetteer.ts';
import type { Grounder } from '../grounding/grounding.ts';
import { LOCATE_PROMPT_VERSION } from '../prompts/locate-prompt.ts';
import { provenance, writeFileAtomic } from '../storage/index.ts';
import type { Backbone } from './arms.ts';
import { openBench } from './bench.ts';
import { buildTable, type Measured, unitsOfTable } from './build-tables.ts';
import { tableMarkdown } from './markdown.ts';
import type { Plan } from './plan.ts';
import type { ProtocolFacts } from './protocol.ts';
import { reproductionPage } from './report/reproduction-page.ts';
import { PAGE_FILE, resultFile, type TableName, type TableResult } from './results.ts';
import { inOrder, runUnits, type Unit, type UnitEvent } from './run-units.ts';
import { createUnits } from './units.ts';

export type ReproduceOptions = {
  readonly plan: Plan;
  readonly tables: readonly TableName[];
  /** The folder of runs. */
  readonly root: string;
  /** Where the result files go. */
  readonly out: string;
  /** Checkpoints to start from instead of pretraining. */
  readonly bases?: Partial<Readonly<Record<Backbone, string>>>;
  readonly gazetteer: Gazetteer;
  readonly grounder: Grounder;
  readonly signal: AbortSignal;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
  readonly onEvent?: (event: UnitEvent) => void;
};

export type Reproduced = { readonly tables: readonly TableResult[]; readonly files: readonly string[] };

/** What is made already is kept; a killed call goes on where it stopped. */
export async function reproduce(options: ReproduceOptions): Promise<Reproduced> {
  const { plan, tables, root, out, bases = {}, gazetteer, grounder, signal, now, onEvent } = options;
  const bench = openBench({ gazetteer, grounder, now });
  try {
    const units = await createUnits({ plan, root, bases, bench });
    const wanted = new Map<string, Unit>();
    for (const table of tables) for (const unit of unitsOfTable(table, plan, units)) wanted.set(unit.name, unit);
    const order = cheapFirst(inOrder([...wanted.values()]));
    const records = await runUnits(order, { root, signal, now, ...(onEvent && { onEvent }) });
    const measured = new Map<string, Promise<Measured>>();
    const facts = factsOf(units.given, gazetteer);
    const results: TableResult[] = [];
    const files: string[] = [];
    await mkdir(out, { recursive: true });
    for (const table of tables) {
      const result = await buildTable(table, { plan, root, units, records, facts, bench, signal, measured });
      results.push(result);
      for (const [extension, text] of [
        ['json', `${JSON.stringify(result, null, 2)}\n`],
        ['md', tableMarkdown(result)],
      ] as const) {
        const path = join(out, resultFile(table, extension));
        await writeFileAtomic(path, text);
        files.push(path);
      }
    }
    const photos = results.some(({ kind }) => kind === 'accuracy')
      ? await bench.testPhotos(units.inputs.baseWorld, signal)
      : [];
    const page = join(out, PAGE_FILE);
    await writeFileAtomic(page, await reproductionPage(results, photos));
    files.push(page);
    return { tables: results, files };
  } finally {
    await bench.dispose();
  }
}

/** Stable: worlds, sets, bases and the judge come before what is trained from them, so that a wrong plan shows early. */
function cheapFirst(units: readonly Unit[]): Unit[] {
  const rank = ({ kind }: Unit): number => ['world', 'curation', 'judge', 'base'].indexOf(kind);
  const early = units.filter((unit) => rank(unit) >= 0).toSorted((a, b) => rank(a) - rank(b));
  return [...early, ...units.filter((unit) => rank(unit) < 0)];
}

function factsOf(given: ProtocolFacts['given'], gazetteer: Gazetteer): ProtocolFacts {
  const { version, commit, machine } = provenance();
  const { provider, version: places } = gazetteer.provenance;
  return {
    machine,
    versions: {
      globe: version,
      ...(commit !== undefined && { commit }),
      node: machine.node,
      prompt: LOCATE_PROMPT_VERSION,
    },
    given,
    geocoder: `${provider} ${places}`,
  };
}
