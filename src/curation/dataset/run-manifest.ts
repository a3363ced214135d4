/**
 * Reads manifest.json of a curation run. A merge of shards compares the recipes in the manifests. The review page finds
 * the photos through the manifest's input.
 */
import { join } from 'node:path';
import { z } from 'zod';
import { readRunManifest, RUN_MANIFEST } from '../../storage/run-manifest.ts';
import { recipeSchema } from '../recipe/recipe.ts';

const manifestSchema = z.object({
  input: z.string(),
  recipe: recipeSchema,
  pending: z.number(),
  /** Folders of the merged shards, as written on the command line. */
  shards: z.array(z.string()).exactOptional(),
  options: z.looseObject({ shard: z.object({ index: z.int(), count: z.int() }) }),
});

export type RunManifest = z.infer<typeof manifestSchema>;

/** Reads the manifest of a curation run. Throws `not-found` if the run has not finished. */
export async function readManifest(folder: string): Promise<RunManifest> {
  return readRunManifest(join(folder, RUN_MANIFEST), {
    name: 'manifest of a curation run',
    schema: manifestSchema,
    hint: 'Only a finished run has a manifest: rerun its `globe curate` command until it finishes.',
  });
}
