/**
 * Finds GeoCLIP's files in a folder that scripts/build/convert_geoclip.py created, or in the authors' release on the
 * Hugging Face hub, which has the same layout and no pickle files. The release lacks CLIP's image tower. The tower
 * comes from the folder's clip/, or as ONNX from another repository.
 */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { GlobeError } from '../../core/errors.ts';
import { hubFolder, isRepository } from '../../vision/transformers/hub-files.ts';
import type { HubOptions } from '../../vision/transformers/hub-files.ts';
import { readConfig } from './weights.ts';

/** The authors' repository, which has config.json, model.safetensors and coordinates_100K.csv. */
export const GEOCLIP_REPOSITORY = 'VicenteVivanco/geoclip-geolocation';

/** For each backbone that a release's config.json can name, the repository with its image tower as ONNX. */
const ONNX_TOWERS: Readonly<Record<string, string>> = {
  'openai/clip-vit-large-patch14': 'Xenova/clip-vit-large-patch14',
};
const TOWER_FILES = ['preprocessor_config.json', 'onnx/vision_model.onnx'];

export type Release = { readonly folder: string; readonly towerFolder: string };

/**
 * Finds the folders of a release. `source` is a folder, or a repository OWNER/NAME; without `hub` it must be a folder.
 * Throws `not-found` if files are missing and downloads are not allowed. Errors of the hub are passed on.
 */
export async function findRelease(source: string, hub?: HubOptions): Promise<Release> {
  const folder = await releaseFolder(source, hub);
  const local = join(folder, 'clip');
  if (hub === undefined || (await isFolder(local))) return { folder, towerFolder: local };
  const { backbone, onnx_tower: ownTower } = await readConfig(folder);
  const tower = ownTower ?? ONNX_TOWERS[backbone?.repo_id ?? ''];
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
      message: `${source} is neither a folder nor an available repository: ${error.message}`,
      hint: `Name a folder made by scripts/build/convert_geoclip.py, or geoclip:${GEOCLIP_REPOSITORY} with --allow-download.`,
      cause: error,
    });
  }
}

const isFolder = async (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
