/**
 * Writes schemas/NAME.json from the zod schemas, so that editors complete and check recipes and globe.config.json.
 * The files are committed, so that an editor finds them without a build and a changed field shows in the diff.
 *
 *   node scripts/build/build-schemas.ts
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { recipeSchema } from '../../src/curation/recipe/recipe.ts';
import { planSchema } from '../../src/reproduction/plan-schema.ts';
import { trainRecipeSchema } from '../../src/training/recipe.ts';
import { rewardModelRecipeSchema } from '../../src/training/reward-model/recipe.ts';
import { configSchema } from '../../src/vision/model-config.ts';

export const SCHEMAS_FOLDER = join(import.meta.dirname, '../../schemas');

const SCHEMAS: Readonly<Record<string, readonly [title: string, schema: z.ZodType]>> = {
  'curation.json': ['Recipe of globe curate', recipeSchema],
  'globe.config.json': ['Named models: globe.config.json', configSchema],
  'plan.json': ['Plan of globe reproduce', planSchema],
  'reward-model.json': ['Recipe of globe reward-model train', rewardModelRecipeSchema],
  'training.json': ['Recipe of globe train', trainRecipeSchema],
};

/**
 * Returns the schemas as text, by file name. A JSON schema cannot express rules between fields, so only the commands
 * check those rules.
 */
export function schemaFiles(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(SCHEMAS).map(([name, [title, schema]]) => {
      const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input' });
      return [name, `${JSON.stringify({ $schema, title, ...rest }, null, 2)}\n`];
    }),
  );
}

if (import.meta.main) {
  mkdirSync(SCHEMAS_FOLDER, { recursive: true });
  for (const [name, text] of Object.entries(schemaFiles())) writeFileSync(join(SCHEMAS_FOLDER, name), text);
}
