/**
 * Measures one arm on the test split of a world, with one answer per photo. Answers are greedy unless `draw` is set.
 * One pass serves both benchmarks, because each line of the predictions records whether its photo is localizable. A
 * line also has the answer, its position, the things that the reasoning text names, whether the photo shows them, and
 * the judge's probability.
 */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { defined } from '../core/defined.ts';
import { GlobeError } from '../core/errors.ts';
import type { MeasuredOutcome } from '../evaluation/outcome.ts';
import type { Gazetteer } from '../gazetteer/gazetteer.ts';
import type { Grounder } from '../grounding/grounding.ts';
import type { Location, Locator } from '../locator/locator.ts';
import { openPositionLocator } from '../locator/position-locator.ts';
import { worldSource } from '../miniature/adapters/photo-source.ts';
import { openWorld } from '../miniature/world.ts';
import { PROFILES } from '../miniature/annotators/profile.ts';
import { simulatedAnnotator } from '../miniature/annotators/simulated-annotator.ts';
import { simulatedGps } from '../miniature/annotators/gps-annotator.ts';
import { EmbeddedBackend } from '../training/backends/embedded-backend.ts';
import { loadCheckpoint } from '../nano/checkpoint.ts';
import { locatePrompt } from '../prompts/locate-prompt.ts';
import type { PromptForm } from '../prompts/locate-prompt.ts';
import { localizability } from '../reward/localizability.ts';
import { reasoningOf } from '../reward/visual-grounding.ts';
import { writeFileAtomic } from '../storage/atomic-file.ts';
import type { MakeOptions } from '../storage/units.ts';
import { evaluatePolicy, measureCompletion, measureOutcome } from '../training/evaluate-policy.ts';
import { rewardInput } from '../training/rollout.ts';
import { loadPhotos } from '../training/photo-source.ts';
import type { TrainingExample } from '../training/training-example.ts';
import type { VisionModel } from '../vision/vision-model.ts';
import type { Arm } from './arms.ts';
import type { PredictionLine } from './results.ts';

export const PREDICTIONS_FILE = 'predictions.jsonl';

export type TestPhoto = {
  readonly example: TrainingExample;
  readonly localizable: boolean;
  /** GeoNames id of the photo's city. */
  readonly geonameId: number;
};

/** Loads the test split of a world, sorted by id. */
export async function loadTestPhotos(folder: string, signal: AbortSignal): Promise<TestPhoto[]> {
  const world = await openWorld(folder);
  const examples = await loadPhotos(worldSource(world), { split: 'test', seed: 0, signal });
  return examples
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .map((example) => {
      const { difficulty, geonameId } = world.byId(example.id)!;
      return { example, localizable: difficulty !== 'not-localizable', geonameId };
    });
}

export type EvaluateArmOptions = {
  readonly arm: Arm;
  /** Folder of the trained model. Absent if the arm has no model. */
  readonly model?: string;
  readonly photos: readonly TestPhoto[];
  /** Folder of the world that the photos belong to. The simulated annotators need it. */
  readonly world: string;
  readonly prompt: PromptForm;
  readonly maxTokens: number;
  readonly gazetteer: Gazetteer;
  readonly grounder: Grounder;
  /** The judge of localizability. Without it, localizability is not measured. */
  readonly judge?: VisionModel;
  /** GeoNames ids of the cities that the curated sets do not show. Absent if the curated sets show all cities. */
  readonly untunedCities?: ReadonlySet<number>;
  /** Samples a language model's answers. If absent, answers are greedy. */
  readonly draw?: { readonly temperature: number; readonly seed: number };
  /** Folder to write predictions.jsonl to. */
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly onProgress: MakeOptions['onProgress'];
};

type Answer = { readonly measured: MeasuredOutcome; readonly completion?: string };

/** Number of photos per call of the judge. */
const JUDGE_BATCH = 256;

export async function evaluateArm(options: EvaluateArmOptions): Promise<{ n: number }> {
  const { arm, photos, folder } = options;
  const answers = await answersOf(options);
  // If the prompt requests no reasoning text, there is nothing for the judge to check.
  const reasons = arm.kind !== 'base' || arm.reasoning;
  const judged = reasons ? await judgements(answers, options) : [];
  const lines = answers.map((answer, i) =>
    lineOf(answer, photos[i]!, {
      ...(reasons && { entities: entitiesOf(answer, photos[i]!, options) }),
      localizability: judged[i],
      tunedCity: options.untunedCities === undefined ? undefined : !options.untunedCities.has(photos[i]!.geonameId),
    }),
  );
  await writeFileAtomic(join(folder, PREDICTIONS_FILE), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  return { n: lines.length };
}

async function answersOf(options: EvaluateArmOptions): Promise<Answer[]> {
  const { arm, world: folder, gazetteer, model } = options;
  switch (arm.kind) {
    case 'annotator':
      return annotatorAnswers(simulatedAnnotator(await openWorld(folder), PROFILES[arm.profile]), options);
    case 'gps':
      return locatorAnswers(simulatedGps(await openWorld(folder), { gazetteer }), options);
    case 'family':
      return familyAnswers(requireModel(model, arm.family), options);
    case 'base':
    case 'sft':
    case 'grpo':
      return policyAnswers(requireModel(model, arm.kind), options);
  }
}

function requireModel(model: string | undefined, arm: string): string {
  if (model !== undefined) return model;
  throw new GlobeError({ code: 'internal', message: `The arm ${arm} cannot be measured without its model.` });
}

/**
 * Minimum number of photos for sampling on several cores. With fewer photos, starting the threads takes longer than it
 * saves.
 */
const MIN_PARALLEL_PHOTOS = 500;

async function policyAnswers(model: string, options: EvaluateArmOptions): Promise<Answer[]> {
  const { arm, photos, prompt, maxTokens, gazetteer, signal, draw, onProgress } = options;
  await using backend = new EmbeddedBackend({
    ...(await loadCheckpoint(model)),
    workers: photos.length < MIN_PARALLEL_PHOTOS ? 1 : availableParallelism(),
  });
  return evaluatePolicy(
    photos.map(({ example }) => example),
    {
      backend,
      gazetteer,
      prompt: locatePrompt({ form: prompt, reasoning: arm.kind !== 'base' || arm.reasoning }),
      maxTokens,
      signal,
      ...(draw && { draw }),
      onProgress: (done) => onProgress(done, photos.length),
    },
  );
}

async function familyAnswers(folder: string, options: EvaluateArmOptions): Promise<Answer[]> {
  await using locator = await openPositionLocator({ folder, gazetteer: options.gazetteer });
  return locatorAnswers(locator, options);
}

/** Simulated annotators always get the full prompt, because they support no other prompt. */
async function annotatorAnswers(
  annotator: VisionModel,
  { photos, maxTokens, gazetteer, signal, onProgress }: EvaluateArmOptions,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const { example } of photos) {
    const request = { image: example.image, prompt: locatePrompt(), samples: 1, temperature: 0, maxTokens, signal };
    const [answer] = await annotator.generate(request);
    const completion = answer!.text;
    answers.push({ completion, measured: measureCompletion(example, completion, gazetteer) });
    onProgress(answers.length, photos.length);
  }
  return answers;
}

async function locatorAnswers(
  locator: Locator,
  { photos, gazetteer, signal, onProgress }: EvaluateArmOptions,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const { example } of photos) {
    const location = await locator.locate(example.image, { signal });
    answers.push({ measured: measureOutcome(example, outcomeOf(location, gazetteer), gazetteer) });
    onProgress(answers.length, photos.length);
  }
  return answers;
}

function outcomeOf({ kind, coordinate, reason }: Location, gazetteer: Gazetteer): Parameters<typeof measureOutcome>[1] {
  if (coordinate === undefined) {
    return { outcome: { kind: kind === 'located' ? 'failed' : kind, reason: reason ?? 'no position' } };
  }
  const place = gazetteer.reverse(coordinate);
  return { outcome: { kind: 'located', coordinate, granularity: 'coordinate' }, ...(place && { place }) };
}

type Extras = {
  readonly entities?: PredictionLine['entities'];
  readonly localizability: number | undefined;
  readonly tunedCity: boolean | undefined;
};

/**
 * Returns the judge's P(yes) for each photo with its reasoning text. The value is undefined if there is no reasoning
 * text or no score.
 */
async function judgements(
  answers: readonly Answer[],
  { photos, judge, signal, onProgress }: EvaluateArmOptions,
): Promise<(number | undefined)[]> {
  if (judge === undefined) return answers.map(() => undefined);
  const reward = localizability(judge);
  const result: (number | undefined)[] = [];
  for (let start = 0; start < answers.length; start += JUDGE_BATCH) {
    const some = answers.slice(start, start + JUDGE_BATCH).map(({ completion }, i) => ({ completion, i }));
    const rows = some.flatMap(({ completion, i }) =>
      completion === undefined ? [] : [rewardInput(photos[start + i]!.example, completion, String(i))],
    );
    const scores = new Map((await reward.score(rows, { signal })).map((score, k) => [rows[k]!.id, score]));
    for (const { i } of some) {
      const score = scores.get(String(i));
      result.push(score?.kind === 'scored' ? score.value : undefined);
    }
    if (rows.length > 0) onProgress(result.length, answers.length, { pass: 'judged' });
  }
  return result;
}

function entitiesOf(
  { completion }: Answer,
  { example: { elements = [] } }: TestPhoto,
  { grounder }: EvaluateArmOptions,
): PredictionLine['entities'] {
  if (completion === undefined) return undefined;
  return grounder
    .match(grounder.entities(reasoningOf(completion)), { elements })
    .map(({ entity, matchedBy }) => ({ text: entity.text, shown: matchedBy !== 'none' }));
}

function lineOf(
  { measured, completion }: Answer,
  photo: TestPhoto,
  { entities, localizability: yes, tunedCity }: Extras,
): PredictionLine {
  const { id, outcome, distanceKm, countryMatch, cityMatch } = measured;
  const { truth, owner } = photo.example;
  return {
    id,
    ...defined({ completion }),
    outcome: outcome.kind,
    ...defined({ distanceKm }),
    ...(outcome.kind === 'located' && { ...outcome.coordinate }),
    countryMatch: countryMatch ?? false,
    cityMatch: cityMatch ?? false,
    ...defined({ entities, localizability: yes }),
    localizable: photo.localizable,
    ...defined({ tunedCity }),
    owner: owner ?? id,
    truth: { country: truth.country, city: truth.city ?? '' },
  };
}
