import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { random, seedFrom } from '../src/core/random.ts';
import { openGazetteer } from '../src/gazetteer/open.ts';
import { openGrounder } from '../src/grounding/entity-grounder.ts';
import { openWorld } from '../src/miniature/world.ts';
import { openResources } from '../src/reproduction/resources.ts';
import { buildTable, unitsOfTable } from '../src/reproduction/build-tables.ts';
import { tableMarkdown } from '../src/reproduction/markdown.ts';
import { parsePlan } from '../src/reproduction/plan.ts';
import { reproduce } from '../src/reproduction/reproduce.ts';
import { type PredictionLine, TABLES, type TableResult } from '../src/reproduction/results.ts';
import { runUnits, type Unit } from '../src/storage/units.ts';
import { atCityLevel, buildSearch, unitsOfSearch } from '../src/reproduction/search.ts';
import { createUnits } from '../src/reproduction/units/create-units.ts';
import { UNITS_COMMAND } from '../src/reproduction/units/names.ts';
import { runGlobe } from './support/run-globe.ts';
import { TINY_PLAN } from './support/tiny-plan.ts';

// These tests run the whole reproduction with the smallest possible world, models and runs. They check that it works,
// can resume, and gives the same results again. The real measurements are in results/.

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'globe-reproduce-'));
});
afterAll(async () => rm(folder, { recursive: true }));

const plan = parsePlan(TINY_PLAN);
const gazetteer = openGazetteer();

/** Returns a table's result without the run's folder and commit, which do not affect the findings. */
const findings = (result: TableResult) => ({ ...result, runsFolder: '', versions: { ...result.versions, commit: '' } });

/**
 * Replaces a unit by one that invents files and facts from the unit's name. Units of worlds are returned unchanged.
 */
function madeUp(unit: Unit, world: string): Unit {
  if (unit.kind === 'world') return unit;
  const make = async ({ run }: { run: { file: (name: string) => string } }): Promise<Record<string, unknown>> => {
    if (unit.kind === 'curation') {
      const scenes = { indoor: 1, natural: 2, urban: 5 };
      return { statistics: { samples: 8, countries: 3, cities: 5, scenes, withScene: 8 } };
    }
    if (unit.kind === 'evaluation') await writeFile(run.file('predictions.jsonl'), await answers(unit.name, world));
    return { seconds: 1, stepsDone: 2 };
  };
  return { ...unit, make };
}

async function answers(name: string, world: string): Promise<string> {
  const { scenes } = await openWorld(world);
  const generator = random(seedFrom(name));
  const lines = scenes
    .filter(({ split }) => split === 'test')
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .map(({ id, difficulty, owner, country, city }): PredictionLine => {
      const hit = generator.next() < (name.includes('grpo') ? 0.7 : 0.4);
      return {
        id,
        outcome: 'located',
        distanceKm: hit ? 3 : 4000,
        countryMatch: hit,
        cityMatch: hit,
        entities: [{ text: 'tram', shown: generator.next() < 0.5 }],
        localizability: generator.next(),
        localizable: difficulty !== 'not-localizable',
        owner,
        truth: { country, city },
      };
    });
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** Builds all tables from invented units. Aborts and restarts after every `killAfter` units. */
async function allTables(root: string, killAfter: number): Promise<TableResult[]> {
  const resources = openResources({ gazetteer, grounder: await openGrounder(), now: () => 0 });
  const units = await createUnits({ plan, root, bases: {}, resources });
  const all = new Map(TABLES.flatMap((table) => unitsOfTable(table, plan, units)).map((unit) => [unit.name, unit]));
  const order = [...all.values()].map((unit) => madeUp(unit, units.inputs.testWorld));
  for (;;) {
    const controller = new AbortController();
    let finished = 0;
    const { signal } = controller;
    const records = await runUnits(order, {
      root,
      command: UNITS_COMMAND,
      signal,
      now: () => 0,
      onEvent: ({ kind }) => {
        if (kind === 'finished' && ++finished === killAfter) controller.abort();
      },
    }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
      return undefined;
    });
    if (records === undefined) continue;
    const facts = { versions: {}, existing: {} };
    const options = {
      plan,
      root,
      units,
      records,
      facts,
      resources,
      signal: new AbortController().signal,
      measured: new Map(),
    };
    return Promise.all(TABLES.map((table) => buildTable(table, options)));
  }
}

describe('the tables', () => {
  let results: TableResult[];
  beforeAll(async () => {
    results = await allTables(join(folder, 'whole'), Number.POSITIVE_INFINITY);
  });

  it('are the same after kills between units', async () => {
    const killed = await allTables(join(folder, 'killed'), 13);
    expect(killed.map(findings)).toEqual(results.map(findings));
  });

  it('have an interval for every value, n, seeds and tests', () => {
    for (const result of results) {
      if (result.kind === 'statistics') continue;
      expect(result.tests.length).toBeGreaterThan(0);
      for (const { measures, runs, arm } of result.rows) {
        expect(runs.length, arm).toBe(/^(?:sft|grpo|geocell|retriever)/u.test(arm) ? 2 : 1);
        expect(measures.localizable.n).toBeLessThan(measures.all.n);
        for (const { value, low, high, perSeed } of measures.all.accuracy) {
          expect(low).toBeLessThanOrEqual(value);
          expect(high).toBeGreaterThanOrEqual(value);
          expect(perSeed).toHaveLength(runs.length);
        }
      }
      for (const { p, pAdjusted } of result.tests) expect(pAdjusted).toBeGreaterThanOrEqual(p);
    }
  });

  it('print as Markdown with their caution, and the paper’s numbers apart', () => {
    for (const result of results) {
      const text = tableMarkdown(result);
      expect(text).toContain(result.caution);
      expect(text).toContain('## Measured');
      expect(text.includes('## The paper’s numbers')).toBe(result.paper !== undefined);
      expect(text.indexOf('## Measured')).toBeLessThan(
        `${text}## The paper’s numbers`.indexOf('## The paper’s numbers'),
      );
      expect(text).not.toMatch(/NaN|undefined|Infinity/u);
    }
  });
});

it('the search has a row for each base and variant, and selects the best of each method and backbone', async () => {
  const root = join(folder, 'search');
  const resources = openResources({ gazetteer, grounder: await openGrounder(), now: () => 0 });
  const units = await createUnits({ plan, root, bases: {}, resources });
  const order = unitsOfSearch(plan, units).map((unit) => madeUp(unit, units.inputs.pretrainingWorld));
  const records = await runUnits(order, {
    root,
    command: UNITS_COMMAND,
    signal: new AbortController().signal,
    now: () => 0,
  });
  const facts = { versions: {}, existing: {} };
  const result = await buildSearch({ plan, root, units, records, facts });
  expect(result.rows.map(({ method, backbone }) => `${method} ${backbone}`)).toEqual([
    'base vit',
    'sft vit',
    'sft vit',
    'grpo vit',
    'base mixer',
    'grpo mixer',
  ]);
  const sft = result.rows.filter(({ method }) => method === 'sft');
  const best = Math.max(...sft.map(({ measures }) => atCityLevel(measures).value));
  expect(sft.filter(({ chosen }) => chosen).map(({ measures }) => atCityLevel(measures).value)).toEqual([best]);
  expect(tableMarkdown(result)).toContain('**chosen**');
});

describe('reproduce', () => {
  it(
    'pretrains, curates, trains and measures, and resumes an interrupted training to the same table',
    { timeout: 300_000 },
    async () => {
      const small = { ...plan, seeds: [1] };
      const run = async (name: string, signal = new AbortController().signal, onStep?: () => void) =>
        reproduce({
          plan: small,
          tables: ['table4'],
          root: join(folder, name),
          out: join(folder, name, 'results'),
          gazetteer,
          grounder: await openGrounder(),
          signal,
          now: () => 0,
          onEvent: (event) => {
            if (event.kind === 'progress' && event.unit.kind === 'grpo') onStep?.();
          },
        });
      const controller = new AbortController();
      await expect(run('real', controller.signal, () => controller.abort())).rejects.toThrow('aborted');
      const { tables, files } = await run('real');
      expect(JSON.parse(await readFile(files[0]!, 'utf8'))).toEqual(JSON.parse(JSON.stringify(tables[0])));
      const result = tables[0]!;
      if (result.kind !== 'accuracy') throw new Error('Table 4 has rows of arms.');
      expect(result.rows.map(({ arm }) => arm)).toEqual([
        'base-mixer',
        'sft-mixer-full',
        'grpo-mixer-full-loc-vgc-ga',
        'base-vit',
        'sft-vit-full',
        'grpo-vit-full-loc-vgc-ga',
      ]);
      for (const { measures, runs } of result.rows) {
        expect(measures.all.n).toBe(40);
        expect(runs[0]!.steps).toBe(runs[0]!.training === undefined ? undefined : 2);
      }
      // The training that was interrupted is repeated without an interruption.
      const stopped = result.rows[2]!.runs[0]!;
      for (const unit of [stopped.training!, stopped.evaluation]) {
        await rm(join(folder, 'real', unit), { recursive: true });
      }
      expect(findings((await run('real')).tables[0]!)).toEqual(findings(result));
    },
  );
});

it('rejects a base without a checkpoint', async () => {
  const resources = openResources({ gazetteer, grounder: await openGrounder(), now: () => 0 });
  await expect(createUnits({ plan, root: folder, bases: { vit: 'nowhere' }, resources })).rejects.toThrow(
    'Cannot find a model in nowhere',
  );
});

describe('globe reproduce', () => {
  it('names the requirements of full scale', async () => {
    const { exitCode, stderr } = await runGlobe(['reproduce', 'table3', '--scale', 'full'], { cwd: folder });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('MP-16');
  });
});
