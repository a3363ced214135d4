/** Reads the plan of a miniature reproduction. Each recipe that it will make is checked here, before any work starts. */
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { invalidInput } from '../core/errors.ts';
import { checkDocument, readYaml } from '../storage/read-document.ts';
import { type Plan, planSchema } from './plan-schema.ts';
import { checkRecipes } from './recipes.ts';

const KIND = { name: 'plan of a reproduction', schema: planSchema, hint: 'See recipes/reproduce-miniature.yaml.' };

/** Reads a plan. Throws `not-found` or `invalid-input` that names the field and what it should be. */
export async function readPlan(path: string): Promise<Plan> {
  const document = await readYaml(path, { ...KIND, schema: z.unknown() });
  return withFolders(parsePlan(document, path), dirname(path));
}

/** Folders of a plan's file are meant from where the file lies. */
function withFolders(plan: Plan, from: string): Plan {
  const found = (path: string): string => (resolve(path) === path ? path : join(from, path));
  const { vit, mixer } = plan.bases;
  return {
    ...plan,
    bases: {
      vit: typeof vit === 'string' ? found(vit) : vit,
      mixer: typeof mixer === 'string' ? found(mixer) : mixer,
    },
    judge: typeof plan.judge === 'string' ? `nano:${found(plan.judge.slice('nano:'.length))}` : plan.judge,
  };
}

/** Throws `invalid-input`. */
export function parsePlan(document: unknown, label = 'The plan'): Plan {
  const plan = checkDocument(document, label, KIND);
  const twice = plan.seeds.find((seed, i) => plan.seeds.indexOf(seed) !== i);
  if (twice !== undefined) throw invalidInput(`${label} names the seed ${twice} twice.`, 'Give each seed once.');
  checkRecipes(plan, label);
  return plan;
}
