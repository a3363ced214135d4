/** manifest.json of a curation run: what made its photos' answers. A merge compares it, the page shows photos by it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { GlobeError, invalidInput } from '../../core/errors.ts';
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
  const path = join(folder, 'manifest.json');
  const text = await readFile(path, 'utf8').catch(() => {
    throw new GlobeError({
      code: 'not-found',
      message: `There is no ${path}: this run has not ended, or is none.`,
      hint: 'Run its `globe curate` command again until it ends.',
    });
  });
  const parsed = manifestSchema.safeParse(JSON.parse(text));
  if (parsed.success) return parsed.data;
  throw invalidInput(`${path} is not of a curation run: ${z.prettifyError(parsed.error)}`);
}
