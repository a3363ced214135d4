/** Makes one of the curated sets of Table 5. Simulated annotators curate the training photos of the curation world. */
import { defined } from '../core/defined.ts';
import { invalidInput } from '../core/errors.ts';
import { curate } from '../curation/run/curate.ts';
import { datasetStatistics } from '../curation/dataset/stats.ts';
import type { Instruments } from '../curation/observe/instruments.ts';
import { miniatureOracle } from '../miniature/adapters/world-oracle.ts';
import { readPhotos } from '../curation/observe/read-photos.ts';
import { annotatorName } from '../curation/recipe/recipe.ts';
import type { Recipe } from '../curation/recipe/recipe.ts';
import type { Gazetteer } from '../gazetteer/gazetteer.ts';
import type { Grounder } from '../grounding/grounding.ts';
import { lexicalMeaning } from '../grounding/lexical-meaning.ts';
import { openWorld } from '../miniature/world.ts';
import { PROFILES } from '../miniature/annotators/profile.ts';
import { simulatedAnnotator } from '../miniature/annotators/simulated-annotator.ts';
import { simulatedGps } from '../miniature/annotators/gps-annotator.ts';
import { truthSegmenter } from '../miniature/annotators/truth-segmenter.ts';
import type { World } from '../miniature/world.ts';
import type { VisionModel } from '../vision/vision-model.ts';

export type CurateSetOptions = {
  readonly recipe: Recipe;
  readonly world: string;
  readonly root: string;
  readonly name: string;
  readonly gazetteer: Gazetteer;
  readonly grounder: Grounder;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
};

/**
 * Makes the set, and returns its statistics, funnel and error rates. Throws `invalid-input` if an instrument is not
 * simulated.
 */
export async function curateSet(options: CurateSetOptions): Promise<Record<string, unknown>> {
  const { recipe, world: folder, root, name, gazetteer, grounder, signal, onProgress } = options;
  const world = await openWorld(folder);
  const photos = await readPhotos(folder);
  let judged = 0;
  const { assembled } = await curate({
    recipe,
    gazetteer,
    grounder,
    instruments: instrumentsOf(recipe, world, { gazetteer, grounder }),
    photos,
    input: folder,
    root,
    name,
    oracle: miniatureOracle(world),
    signal,
    onProgress: () => onProgress(++judged, photos.length),
  });
  const { statistics, funnel, quality } = assembled!;
  return { statistics: statistics.train, funnel, ...defined({ quality }) };
}

/** Throws `invalid-input` if a set has fewer training photos than `images`. */
export async function assertEnough(dataset: string, images: number): Promise<void> {
  const samples = (await datasetStatistics(dataset)).get('train')?.samples ?? 0;
  if (samples >= images) return;
  throw invalidInput(
    `${dataset} has ${samples} photos, but each method trains on ${images}.`,
    'Lower curation.images, or raise worlds.pool.scenes.',
  );
}

function instrumentsOf(
  recipe: Recipe,
  world: World,
  { gazetteer, grounder }: Pick<CurateSetOptions, 'gazetteer' | 'grounder'>,
): Instruments {
  const annotators = new Map(recipe.annotators.map((one) => [annotatorName(one), annotatorOf(one.model, world)]));
  const missed = Number(/^miniature:([\d.]+)$/u.exec(recipe.segmentation?.model ?? 'miniature:0')?.[1]);
  if (!(missed >= 0 && missed <= 1) || ![undefined, 'miniature'].includes(recipe.gps?.model)) throw notSimulated();
  return {
    annotators,
    gps: simulatedGps(world, { gazetteer }),
    segmenter: truthSegmenter(world, { missed }),
    meaning: lexicalMeaning(grounder),
  };
}

function annotatorOf(model: string, world: World): VisionModel {
  const profile = Object.entries(PROFILES).find(([name]) => model === `miniature:${name}`)?.[1];
  if (profile === undefined) throw notSimulated();
  return simulatedAnnotator(world, profile);
}

function notSimulated(): Error {
  return invalidInput(
    'The plan’s curation uses an instrument that is not simulated.',
    `Use ${Object.keys(PROFILES)
      .map((name) => `miniature:${name}`)
      .join(', ')} as annotators, miniature as gps and miniature:0.1 as segmentation.`,
  );
}
