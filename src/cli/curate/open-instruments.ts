/** Opens the instruments of a curation recipe that its mode uses. */
import { defined } from '../../core/defined.ts';
import type { Instruments } from '../../curation/observe/instruments.ts';
import { createPassRate } from '../../curation/observe/pass-rate.ts';
import { annotatorsInUse } from '../../curation/gates/modes.ts';
import { annotatorName } from '../../curation/recipe/recipe.ts';
import type { Recipe } from '../../curation/recipe/recipe.ts';
import { openModel } from '../open-model.ts';
import { MEANING_MEASURES, openFrom, openGpsAnnotator, SEGMENTERS, worldFolder } from './instrument-providers.ts';
import type { InstrumentOptions } from './instrument-providers.ts';

/** Throws `invalid-input` for unknown names. Also throws the errors from opening a model. */
export async function openInstruments(recipe: Recipe, options: InstrumentOptions): Promise<Instruments> {
  const annotators = await openAnnotators(recipe, options);
  const passRate = await openPassRate(recipe, options);
  const common = { annotators, ...defined({ passRate }) };
  if (recipe.mode !== 'full') return common;

  const { gps, segmentation, meaning } = recipe;
  return {
    ...common,
    ...(gps !== null && { gps: await openGpsAnnotator(gps.model, options) }),
    ...(segmentation !== null && {
      segmenter: await openFrom(SEGMENTERS, segmentation.model, { what: 'segmentation', options }),
    }),
    meaning: await openFrom(MEANING_MEASURES, meaning.measure, { what: 'measure of meaning', options }),
  };
}

async function openAnnotators(
  recipe: Recipe,
  { allowDownload, quiet, input }: InstrumentOptions,
): Promise<Instruments['annotators']> {
  const opened = annotatorsInUse(recipe).map(async (annotator) => {
    const model = await withWorld(annotator.model, input);
    const { model: open } = await openModel({ model, concurrency: annotator.concurrency, allowDownload, quiet });
    return [annotatorName(annotator), open] as const;
  });
  return new Map(await Promise.all(opened));
}

async function openPassRate(
  { gates: { solvable }, seed }: Recipe,
  { allowDownload, quiet, input, gazetteer }: InstrumentOptions,
): Promise<Instruments['passRate']> {
  if (solvable === null) return undefined;
  const { concurrency } = solvable;
  const { model } = await openModel({
    model: await withWorld(solvable.model, input),
    concurrency,
    allowDownload,
    quiet,
  });
  return createPassRate({ model, gazetteer, solvable, seed });
}

/** Adds the folder of the input's world to a recipe's `miniature:PROFILE`, so that a recipe needs no path. */
async function withWorld(model: string, input: string): Promise<string> {
  const profile = /^miniature:([\w-]+)$/.exec(model)?.[1];
  return profile === undefined ? model : `miniature:${await worldFolder(input)}#${profile}`;
}
