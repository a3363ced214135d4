/** Examples from a curated dataset (Parquet) or from a generated world with the answers of its simulated annotators. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { defined } from '../core/defined.ts';
import { invalidInput, messageOf } from '../core/errors.ts';
import { random, shuffled } from '../core/random.ts';
import type { VisualElement } from '../core/visual-element.ts';
import { prepareImage } from '../image/prepare-image.ts';
import { openWorld, type World } from '../miniature/world.ts';
import { FILES } from '../miniature/layout.ts';
import type { SceneTruth } from '../miniature/truth.ts';
import { openDataset } from '../storage/dataset/read-dataset.ts';
import type { TrainingExample } from './training-example.ts';

export type LoadOptions = {
  readonly split: 'train' | 'test';
  /** At most this many, chosen by the seed. */
  readonly limit?: number;
  readonly seed: number;
  readonly signal: AbortSignal;
};

/** Examples in an order that depends on the seed alone. Throws `invalid-input` when there are none. */
export async function loadExamples(path: string, options: LoadOptions): Promise<TrainingExample[]> {
  const examples = (await isWorld(path))
    ? await ofWorld(await openWorld(path), options)
    : await ofDataset(path, options);
  if (examples.length === 0) throw invalidInput(`${path} has no photo in its ${options.split} split.`);
  return examples;
}

export type Splits = {
  readonly train: string;
  readonly trainImages?: number | undefined;
  /** Chooses the `trainImages`; the seed of the run by default. */
  readonly imageSeed?: number | undefined;
  readonly evaluation?: string | undefined;
  readonly evaluationImages?: number | undefined;
};

/** The photos to train on, and those held out to measure by; none where the recipe names none. */
export async function loadSplits(
  { train, trainImages, imageSeed, evaluation, evaluationImages }: Splits,
  { seed, signal }: { readonly seed: number; readonly signal: AbortSignal },
): Promise<{ photos: TrainingExample[]; heldOut: TrainingExample[] }> {
  const load = (
    path: string,
    options: Pick<LoadOptions, 'split' | 'seed'>,
    limit?: number,
  ): Promise<TrainingExample[]> => loadExamples(path, { ...options, signal, ...defined({ limit }) });
  const photos = await load(train, { split: 'train', seed: imageSeed ?? seed }, trainImages);
  const heldOut = evaluation === undefined ? [] : await load(evaluation, { split: 'test', seed }, evaluationImages);
  return { photos, heldOut };
}

export async function isWorld(path: string): Promise<boolean> {
  return stat(join(path, FILES.truth)).then(
    () => true,
    () => false,
  );
}

async function ofWorld(world: World, { split, limit, seed, signal }: LoadOptions): Promise<TrainingExample[]> {
  const scenes = world.scenes.filter((scene) => scene.split === split);
  const chosen = shuffled(scenes, random(seed)).slice(0, limit);
  const examples: TrainingExample[] = [];
  for (const scene of chosen) {
    signal.throwIfAborted();
    examples.push(await exampleOf(scene, join(world.folder, FILES.images, scene.id)));
  }
  return examples;
}

async function exampleOf(scene: SceneTruth, path: string): Promise<TrainingExample> {
  return {
    id: scene.id,
    image: await prepareImage(path),
    truth: { country: scene.country, countryCode: scene.countryCode, city: scene.city, geonameId: scene.geonameId },
    truthCoordinate: { latitudeDegrees: scene.latitudeDegrees, longitudeDegrees: scene.longitudeDegrees },
    elements: scene.elements,
    owner: scene.owner,
    scene: scene.setting,
  };
}

async function ofDataset(path: string, { split, limit, seed, signal }: LoadOptions): Promise<TrainingExample[]> {
  const examples: TrainingExample[] = [];
  for (const file of await openDataset(path)) {
    if (file.split !== split) continue;
    for await (const row of file.rows()) {
      signal.throwIfAborted();
      const id = row.id ?? `${file.path}#${examples.length}`;
      const [first] = row.images;
      if (first === undefined) throw invalidInput(`${path}: row ${id} has no image.`);
      const image = await prepareImage(first.bytes, { label: id }).catch((error: unknown) => {
        throw invalidInput(`${path}: the image of row ${id} cannot be used: ${messageOf(error)}`);
      });
      examples.push({
        id,
        image,
        truth: { country: row.country, city: row.city },
        ...(row.coordinate && { truthCoordinate: row.coordinate }),
        reasoning: row.response,
        entityTags: row.entities,
        // Without a segmentation the verified entities stand for what the image shows, as in the release.
        elements: row.elements?.length ? row.elements : row.entities.map(asElement),
        ...defined({ owner: row.owner }),
        ...((row.scene === 'indoor' || row.scene === 'natural' || row.scene === 'urban') && { scene: row.scene }),
      });
    }
  }
  return shuffled(examples, random(seed)).slice(0, limit);
}

const asElement = (label: string): VisualElement => ({ label: label.toLowerCase(), share: 0 });
