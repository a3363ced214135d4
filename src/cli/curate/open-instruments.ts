/** Opens the instruments of a curation recipe that the recipe's mode uses. */
import { defined } from '../../core/defined.ts';
import type { Instruments } from '../../curation/observe/instruments.ts';
import { createPassRate } from '../../curation/observe/pass-rate.ts';
import { annotatorsInUse } from '../../curation/gates/modes.ts';
import { annotatorName } from '../../curation/recipe/recipe.ts';
import type { Recipe } from '../../curation/recipe/recipe.ts';
import { judgeVerifier } from '../../vision/claims/judge-verifier.ts';
import { segmentVerifier } from '../../vision/claims/segment-verifier.ts';
import type { ClaimVerifier } from '../../vision/claim-verifier.ts';
import type { Segmenter } from '../../vision/segmenter.ts';
import { openModel } from '../open-model.ts';
import {
  MEANING_MEASURES,
  openFrom,
  openGpsAnnotator,
  SEGMENTERS,
  VERIFIERS,
  worldFolder,
} from './instrument-providers.ts';
import type { InstrumentOptions } from './instrument-providers.ts';

/** Throws `invalid-input` for an unknown name. Errors from opening a model are thrown unchanged. */
export async function openInstruments(recipe: Recipe, options: InstrumentOptions): Promise<Instruments> {
  const annotators = await openAnnotators(recipe, options);
  const passRate = await openPassRate(recipe, options);
  const common = { annotators, ...defined({ passRate }) };
  if (recipe.mode !== 'full') return common;

  const { gps, segmentation, meaning } = recipe;
  const gpsAnnotator = gps === null ? undefined : await openGpsAnnotator(gps.model, options);
  const segmenter =
    segmentation === null
      ? undefined
      : await openFrom(SEGMENTERS, segmentation.model, { what: 'segmentation', options });
  const verifier = await openVerifier(recipe, { options, segmenter });
  return {
    ...common,
    ...defined({ gps: gpsAnnotator, segmenter, verifier }),
    grounder: options.grounder,
    meaning: await openFrom(MEANING_MEASURES, meaning.measure, { what: 'measure of meaning', options }),
  };
}

/** Opens the verifier. If the recipe names no verifier, mode `verified` checks claims against the segmentation. */
async function openVerifier(
  { verifier, gates }: Recipe,
  { options, segmenter }: { readonly options: InstrumentOptions; readonly segmenter: Segmenter | undefined },
): Promise<ClaimVerifier | undefined> {
  if (gates.grounding?.mode !== 'verified') return undefined;
  if (verifier === null) return segmenter && segmentVerifier(segmenter);
  const provider = VERIFIERS[verifier.model.split(':')[0]!];
  if (provider !== undefined) return provider(verifier.model.split(':').slice(1).join(':'), options);
  const { concurrency, model } = verifier;
  const { allowDownload, quiet } = options;
  return judgeVerifier((await openModel({ model, concurrency, allowDownload, quiet })).model);
}

async function openAnnotators(
  recipe: Recipe,
  { allowDownload, quiet, input, yes }: InstrumentOptions,
): Promise<Instruments['annotators']> {
  const opened = annotatorsInUse(recipe).map(async (annotator) => {
    const model = await withWorld(annotator.model, input);
    const { model: open } = await openModel({
      model,
      concurrency: annotator.concurrency,
      allowDownload,
      quiet,
      ...defined({ yes }),
    });
    return [annotatorName(annotator), open] as const;
  });
  return new Map(await Promise.all(opened));
}

async function openPassRate(
  { gates: { solvable }, seed }: Recipe,
  { allowDownload, quiet, input, gazetteer, yes }: InstrumentOptions,
): Promise<Instruments['passRate']> {
  if (solvable === null) return undefined;
  const { concurrency } = solvable;
  const { model } = await openModel({
    model: await withWorld(solvable.model, input),
    concurrency,
    allowDownload,
    quiet,
    ...defined({ yes }),
  });
  return createPassRate({ model, gazetteer, solvable, seed });
}

/** Adds the folder of the input's world to the name `miniature:PROFILE`, so that a recipe needs no path. */
async function withWorld(model: string, input: string): Promise<string> {
  const profile = /^miniature:([\w-]+)$/.exec(model)?.[1];
  return profile === undefined ? model : `miniature:${await worldFolder(input)}#${profile}`;
}
