import { describe, expect, it } from 'vitest';
import { readRecipe } from '../curation/recipe/read-recipe.ts';
import { openGazetteer } from '../gazetteer/open.ts';
import { openGrounder } from '../grounding/entity-grounder.ts';
import { fingerprint, type Unit, unitOptions } from '../storage/units.ts';
import { type GrpoRecipe, readTrainRecipe } from '../training/recipe.ts';
import { openResources } from './resources.ts';
import { unitsOfTable } from './build-tables.ts';
import { parsePlan, readPlan } from './plan.ts';
import { TABLES } from './results.ts';
import { unitsOfSearch } from './search.ts';
import { startUnits } from './start/start-units.ts';
import { createUnits } from './units/create-units.ts';
import { UNITS_COMMAND } from './units/names.ts';
import { TINY_PLAN } from '../../test/support/tiny-plan.ts';

// A run can resume only if its units' fingerprints are unchanged. Changing a recipe or a default may change
// fingerprints; a refactoring must not.

const resources = openResources({ gazetteer: openGazetteer(), grounder: await openGrounder(), now: () => 0 });

const fingerprints = (units: readonly Unit[]) =>
  Object.fromEntries([...unitOptions(units, UNITS_COMMAND)].map(([name, options]) => [name, fingerprint(options)]));

describe('fingerprints of the units', () => {
  it.each([
    { name: 'shipped', read: () => readPlan('recipes/reproduce-miniature.yaml') },
    { name: 'tiny', read: () => parsePlan(TINY_PLAN) },
  ])('of the $name plan', async ({ name, read }) => {
    const plan = await read();
    const units = await createUnits({ plan, root: 'anywhere', bases: {}, resources });
    const all = [...TABLES.flatMap((table) => unitsOfTable(table, plan, units)), ...unitsOfSearch(plan, units)];
    const byName = new Map(all.map((unit) => [unit.name, unit]));
    const found = `${JSON.stringify(fingerprints([...byName.values()]), null, 2)}\n`;
    await expect(found).toMatchFileSnapshot(`../../test/fixtures/fingerprints/${name}.json`);
  });

  it('of the main job', async () => {
    const plan = {
      recipe: (await readTrainRecipe('recipes/start.yaml')) as GrpoRecipe,
      curation: await readRecipe('recipes/curate-miniature.yaml'),
      base: 'base',
      judge: 'judge',
      world: { scenes: 4500, seed: 23 },
    };
    const digests = { base: 'a'.repeat(64), judge: 'b'.repeat(64) };
    const units = startUnits(plan, { root: 'anywhere', resources, digests });
    const found = `${JSON.stringify(fingerprints(units), null, 2)}\n`;
    await expect(found).toMatchFileSnapshot('../../test/fixtures/fingerprints/start.json');
  });
});
