import { describe, expect, it } from 'vitest';
import { TINY_PLAN } from '../../../test/support/tiny-plan.ts';
import { openGazetteer } from '../../gazetteer/open.ts';
import { openGrounder } from '../../grounding/entity-grounder.ts';
import { unitsOfTable } from '../build-tables.ts';
import { parsePlan, readPlan } from '../plan.ts';
import { openResources } from '../resources.ts';
import { TABLES } from '../results.ts';
import { createUnits } from './create-units.ts';

const resources = openResources({ gazetteer: openGazetteer(), grounder: await openGrounder(), now: () => 0 });
const limits = { toldCountry: 0.9, followedCues: 0.8, cueRecall: 0.6, landmarkRecall: 0.7 };
const GATES = { ...limits, majorityOverGreedy: 0.03, idealOverGreedy: 0.1 };
const names = async (table: (typeof TABLES)[number] | 'pilot', plan: ReturnType<typeof parsePlan>): Promise<string[]> =>
  unitsOfTable(table, plan, await createUnits({ plan, root: 'anywhere', bases: {}, resources })).map(
    ({ name }) => name,
  );

describe('the test world', () => {
  it.each(TABLES)('is drawn for %s only after the gates of its base', async (table) => {
    const order = await names(table, parsePlan({ ...TINY_PLAN, gates: GATES }));
    const [base, gates, world] = ['base-vit', 'gates-vit', 'world-test'].map((name) => order.indexOf(name)) as [
      number,
      number,
      number,
    ];
    expect(base).toBeGreaterThanOrEqual(0);
    expect(gates).toBeGreaterThan(base);
    expect(world).toBeGreaterThan(gates);
  });

  it('is not drawn for the pilot', async () => {
    const registered = { record: 'record.md', pilotSeeds: [1, 2] };
    const order = await names('pilot', parsePlan({ ...TINY_PLAN, gates: GATES, registered }));
    expect(order).not.toContain('world-test');
    expect(order).toContain('pilot-evaluation-sft-vit-full-seed-2');
  });

  it('has gates in the shipped plan', async () => {
    const plan = await readPlan('recipes/reproduce-miniature.yaml');
    expect(plan.gates).toMatchObject(GATES);
    for (const table of TABLES) expect(await names(table, plan), table).toContain('gates-vit');
  });
});

it('a plan that registers a comparison needs gates, and seeds for the comparison itself', async () => {
  const registered = { record: 'record.md', pilotSeeds: [1, 2] };
  expect(() => parsePlan({ ...TINY_PLAN, registered })).toThrow('needs gates');
  const plan = parsePlan({ ...TINY_PLAN, gates: GATES, registered });
  const units = await createUnits({ plan, root: 'anywhere', bases: {}, resources });
  expect(() => unitsOfTable('registered', plan, units)).toThrow('does not state the seeds');
});
