/**
 * Where GeoCLIP's files are: a folder that scripts/build/convert_geoclip.py made, or the authors' release on the Hugging Face
 * hub, which has the same layout and no pickles. CLIP's image tower is not among the released files: it lies in the
 * folder's clip/, or comes as ONNX from a repository of its own.
 */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { GlobeError } from '../../core/errors.ts';
import { hubFolder, isRepository } from '../../vision/transformers/hub-files.ts';
import type { HubOptions } from '../../vision/transformers/hub-files.ts';
import { readConfig } from './weights.ts';

/** The authors' own: config.json, model.safetensors, coordinates_100K.csv. */
export const GEOCLIP_REPOSITORY = 'VicenteVivanco/geoclip-geolocation';

/** The same tower as ONNX, by the name of the backbone in a release's config.json, which holds none. */
const ONNX_TOWERS: Readonly<Record<string, string>> = {
  'openai/clip-vit-large-patch14': 'Xenova/clip-vit-large-patch14',
};
const TOWER_FILES = ['preprocessor_config.json', 'onnx/vision_model.onnx'];

export type Release = { readonly folder: string; readonly towerFolder: string };

/**
 * `source` is a folder or a repository, OWNER/NAME. Without `hub` folders alone are read. Throws `not-found` for files
 * that are neither here nor may be fetched, and what the hub's failures throw.
 */
export async function findRelease(source: string, hub?: HubOptions): Promise<Release> {
  const folder = await releaseFolder(source, hub);
  const local = join(folder, 'clip');
  if (hub === undefined || (await isFolder(local))) return { folder, towerFolder: local };
  const { backbone, onnx_tower: named } = await readConfig(folder);
  const tower = named ?? ONNX_TOWERS[backbone?.repo_id ?? ''];
  if (tower === undefined) return { folder, towerFolder: local };
  return { folder, towerFolder: await hubFolder(tower, TOWER_FILES, hub) };
}

async function releaseFolder(source: string, hub: HubOptions | undefined): Promise<string> {
  if (hub === undefined || !isRepository(source) || (await isFolder(source))) return source;
  try {
    const folder = await hubFolder(source, ['config.json'], hub);
    const { gallery_file: gallery } = await readConfig(folder);
    return await hubFolder(source, ['model.safetensors', gallery], hub);
  } catch (error) {
    if (!(error instanceof GlobeError && error.code === 'not-found')) throw error;
    throw new GlobeError({
      code: 'not-found',
      message: `There is no folder ${source}, and of a repository of that name: ${error.message}`,
      hint: `Name a folder that scripts/build/convert_geoclip.py made, or geoclip:${GEOCLIP_REPOSITORY} with --allow-download.`,
      cause: error,
    });
  }
}

const isFolder = async (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
