/** Reads the plan of a miniature reproduction, and checks every recipe in it before any work starts. */
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { invalidInput } from '../core/errors.ts';
import { checkDocument, readYaml } from '../storage/read-document.ts';
import { type Plan, planSchema } from './plan-schema.ts';
import { checkRecipes } from './recipes.ts';

const KIND = {
  name: 'reproduction plan',
  schema: planSchema,
  hint: 'See the example recipes/reproduce-miniature.yaml.',
};

/**
 * Reads a plan. Throws `not-found` if the file is missing. Throws `invalid-input` with the invalid field and its valid
 * values if the plan is invalid.
 */
export async function readPlan(path: string): Promise<Plan> {
  const document = await readYaml(path, { ...KIND, schema: z.unknown() });
  return withFolders(parsePlan(document, path), dirname(path));
}

/** Resolves the folders in the plan relative to the folder of the plan's file. */
function withFolders(plan: Plan, from: string): Plan {
  const absolute = (path: string): string => (resolve(path) === path ? path : join(from, path));
  const { vit, mixer } = plan.bases;
  return {
    ...plan,
    bases: {
      vit: typeof vit === 'string' ? absolute(vit) : vit,
      mixer: typeof mixer === 'string' ? absolute(mixer) : mixer,
    },
    ...(plan.registered && { registered: { ...plan.registered, record: absolute(plan.registered.record) } }),
    judge: typeof plan.judge === 'string' ? `nano:${absolute(plan.judge.slice('nano:'.length))}` : plan.judge,
  };
}

/** Checks a plan. Throws `invalid-input` with the invalid field and its valid values. */
export function parsePlan(document: unknown, label = 'the plan'): Plan {
  const plan = checkDocument(document, label, KIND);
  const duplicate = plan.seeds.find((seed, i) => plan.seeds.indexOf(seed) !== i);
  if (duplicate !== undefined) throw invalidInput(`Duplicate seed in ${label}: ${duplicate}.`, 'List each seed once.');
  checkRecipes(plan, label);
  return plan;
}
