/** manifest.json of a curation run: what made its photos' answers. A merge compares it, the page shows photos by it. */
import { join } from 'node:path';
import { z } from 'zod';
import { readJson } from '../../storage/read-document.ts';
import { recipeSchema } from '../recipe/recipe.ts';

const manifestSchema = z.object({
  input: z.string(),
  recipe: recipeSchema,
  pending: z.number(),
  /** Of a merged run: the folders of its shards, as they were named. */
  shards: z.array(z.string()).exactOptional(),
  options: z.looseObject({ shard: z.object({ index: z.int(), count: z.int() }) }),
});

export type RunManifest = z.infer<typeof manifestSchema>;

/** The manifest of a curation run. Throws `not-found` for one that has not ended. */
export async function readManifest(folder: string): Promise<RunManifest> {
  return readJson(join(folder, 'manifest.json'), {
    name: 'manifest of a curation run',
    schema: manifestSchema,
    hint: 'A run has it when it has ended: run its `globe curate` command again until it ends.',
  });
}
