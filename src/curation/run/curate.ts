/**
 * Runs curation: takes photos through the pipeline, writes to `runs/NAME/`, and creates the dataset. A killed run can
 * resume at any point. A run of one shard ends before the steps that need all photos; merge.ts runs these steps for all
 * shards together. This folder combines the other folders of curation. Imports go in one direction: run, dataset,
 * judge, gates, observe, recipe.
 */
import { isDeepStrictEqual } from 'node:util';
import { defined } from '../../core/defined.ts';
import { GlobeError } from '../../core/errors.ts';
import { ANNOTATE_PROMPT_VERSION } from '../../prompts/annotate-prompt.ts';
import { systemClock } from '../../service/clock.ts';
import type { Clock } from '../../service/clock.ts';
import { writeFileAtomic } from '../../storage/atomic-file.ts';
import { createLineWriter } from '../../storage/line-file.ts';
import { openRun } from '../../storage/run-folder.ts';
import { assemble } from '../dataset/assemble.ts';
import type { Assembled } from '../dataset/assemble.ts';
import { createCostMeter } from './cost.ts';
import type { AnnotatorCost } from './cost.ts';
import type { GateInputs } from '../gates/gate.ts';
import { createAsk } from '../observe/instruments.ts';
import type { Instruments } from '../observe/instruments.ts';
import { observePhotos } from './observe-photos.ts';
import type { Pending } from './observe-photos.ts';
import type { Oracle } from '../judge/oracle.ts';
import { createOutageWatch } from './outage.ts';
import type { Photo } from '../observe/photo.ts';
import { memorySource } from '../observe/photo-source.ts';
import { annotatorName } from '../recipe/recipe.ts';
import type { Recipe } from '../recipe/recipe.ts';
import { RESULTS_FILE, resultOf } from '../judge/result.ts';
import type { Result } from '../judge/result.ts';
import { decisionsOf, loadReview, REVIEW_FILE } from '../dataset/review.ts';
import type { Decision } from '../dataset/review.ts';
import { createDuplicateWatch } from './duplicate-watch.ts';
import { inShard, WHOLE } from './shard.ts';
import type { Shard } from './shard.ts';

const PENDING_FILE = 'pending.json';
const OBSERVATIONS_FOLDER = 'observations';

/**
 * Number of photos in progress per request in flight. It is above 1, so that an annotator does not have to wait until
 * another annotator has answered.
 */
const PHOTOS_PER_SLOT = 2;

export type CurateOptions = GateInputs & {
  readonly root: string;
  readonly name: string;
  /** Path of the photo table or folder. The manifest records it, so that the review page can show dropped photos. */
  readonly input: string;
  /** All photos, sorted by id. The run processes only those of its shard. */
  readonly photos: readonly Photo[];
  readonly instruments: Instruments;
  readonly shard?: Shard;
  /**
   * Number of photos if the run is a pilot, for which `photos` is a random sample. A pilot's folder cannot be resumed
   * as a whole run.
   */
  readonly pilot?: number;
  /** Creates the dataset even if some photos are pending (not yet decided, because an instrument failed). */
  readonly acceptPending?: boolean;
  readonly oracle?: Oracle;
  readonly signal: AbortSignal;
  readonly clock?: Clock;
  readonly blockPhotos?: number;
  /** Receives messages for the user during the run. */
  readonly onNotice?: (text: string) => void;
  readonly onProgress?: (outcome: 'judged' | 'pending') => void;
};

export type Curated = {
  readonly kind: 'dataset' | 'shard';
  readonly folder: string;
  readonly photos: number;
  /** True if an earlier process started the run. */
  readonly resumed: boolean;
  readonly costs: readonly AnnotatorCost[];
  readonly pending: readonly Pending[];
  readonly assembled?: Assembled;
};

/**
 * Runs curation. Throws a retryable `service` error if photos are pending (an instrument failed) and `acceptPending` is
 * false. All answers are saved, so the same command resumes the run.
 *
 * @example const recipe = await readRecipe('recipe.yaml'); const photos = await readPhotos('photos.csv'); await
 * curate({ root: 'runs', name: 'set', input: 'photos.csv', recipe, photos, instruments, gazetteer, grounder, signal });
 */
export async function curate(options: CurateOptions): Promise<Curated> {
  const { root, name, recipe, signal, shard = WHOLE, pilot } = options;
  const deciding = { ...decidingOptions(recipe, shard), ...defined({ pilot }) };
  await using run = await openRun({ root, name, options: deciding, mayReplace: raisesMaxTokens });
  const photos = options.photos.filter(({ id }) => inShard(id, shard));
  const meter = createCostMeter(recipe);
  const decisions = await loadReview(run.file(REVIEW_FILE));
  const pending = await observeAll({
    ...options,
    photos,
    decisions,
    file: (part) => run.file(part),
    onUsage: (key, usage) => meter.add(key, usage),
  });
  await writeFileAtomic(run.file(PENDING_FILE), `${JSON.stringify(pending, null, 2)}\n`);
  if (pending.length > 0 && options.acceptPending !== true) throw pendingError(pending, photos.length);

  const facts = { input: options.input, recipe, photos: photos.length, pending: pending.length, costs: meter.costs() };
  const done = {
    folder: run.path,
    photos: photos.length,
    resumed: run.resumed,
    costs: meter.costs(),
    pending,
  };
  if (shard.count > 1 && pilot === undefined) {
    await run.complete(facts);
    return { kind: 'shard', ...done };
  }
  const assembled = await assemble({
    ...options,
    source: memorySource(photos),
    results: run.file(RESULTS_FILE),
    folder: run.path,
    decisions,
    pending: pending.length,
    signal,
  });
  await run.complete({ ...facts, ...assembled });
  return { kind: 'dataset', ...done, assembled };
}

/**
 * Returns the options that determine the observations. A folder can be resumed only if these options are unchanged. The
 * gates' thresholds are not included, because the steps after the observations are always computed again.
 */
export function decidingOptions(recipe: Recipe, shard: Shard): Record<string, unknown> {
  const { solvable } = recipe.gates;
  return {
    command: 'curate',
    mode: recipe.mode,
    promptVersion: ANNOTATE_PROMPT_VERSION,
    annotators: recipe.annotators.map((annotator) => ({ name: annotatorName(annotator), model: annotator.model })),
    gps: recipe.gps?.model ?? null,
    segmentation: recipe.segmentation?.model ?? null,
    verifier: recipe.verifier?.model ?? null,
    meaning: recipe.meaning.measure,
    annotation: recipe.annotation,
    solvable: solvable === null ? null : { ...solvable, concurrency: undefined, price: undefined },
    seed: recipe.seed,
    shard,
  };
}

/**
 * Returns true if the only difference is a higher `maxTokens`. The run can then resume: complete answers stay valid,
 * and questions whose answers were cut off are asked again.
 */
function raisesMaxTokens(before: unknown, now: Readonly<Record<string, unknown>>): boolean {
  const old = before as Pick<Recipe, 'annotation'>;
  const { maxTokens } = (now as Pick<Recipe, 'annotation'>).annotation;
  if (!(old.annotation?.maxTokens < maxTokens)) return false;
  return isDeepStrictEqual({ ...old, annotation: { ...old.annotation, maxTokens } }, now);
}

type ObserveAllOptions = CurateOptions & {
  readonly decisions: readonly Decision[];
  readonly file: (name: string) => string;
  readonly onUsage: ReturnType<typeof createCostMeter>['add'];
};

/** Writes the results of all photos and returns the pending photos. */
async function observeAll({
  file,
  onProgress,
  decisions,
  clock = systemClock,
  ...options
}: ObserveAllOptions): Promise<Pending[]> {
  const { recipe, instruments } = options;
  await using writer = await createLineWriter<Result>(file(RESULTS_FILE));
  const pending: Pending[] = [];
  const blocks = observePhotos({
    ...options,
    folder: file(OBSERVATIONS_FOLDER),
    ask: createAsk(recipe, instruments),
    outage: createOutageWatch({
      clock,
      maxOutageMs: recipe.maxOutageMinutes * 60_000,
      photos: options.photos.length,
      acceptPending: options.acceptPending === true,
      onNotice: options.onNotice,
    }),
    ...(recipe.order === 'price' &&
      recipe.dedupe !== null && {
        duplicates: createDuplicateWatch(recipe.dedupe, {
          photos: options.photos.length,
          rejected: decisionsOf(decisions).rejected,
        }),
      }),
    inFlight: PHOTOS_PER_SLOT * Math.max(...slots(recipe)),
    ...defined({ onProgress }),
  });
  for await (const block of blocks) {
    await writer.add(block.decided.map(resultOf));
    pending.push(...block.pending);
  }
  await writer.finish();
  return pending;
}

function slots({ annotators, gps, segmentation, verifier, meaning, gates }: Recipe): number[] {
  const own = annotators.map(({ concurrency }) => concurrency);
  return [...own, ...[gps, segmentation, verifier, meaning, gates.solvable].map((entry) => entry?.concurrency ?? 1)];
}

function pendingError(pending: readonly Pending[], photos: number): GlobeError {
  const [first] = pending;
  return new GlobeError({
    code: 'service',
    message: `${pending.length} of ${photos} photos could not be judged. The first is ${first!.id} (${first!.question}): ${first!.reason}`,
    hint: `Run the same command again to retry only these photos, or add --accept-pending to make the dataset without them. ${PENDING_FILE} lists all photos that were not judged.`,
    retryable: true,
  });
}
