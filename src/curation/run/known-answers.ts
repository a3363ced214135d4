/**
 * Finds the answers in a run's log that are still valid. An answer is valid only if the photo's file has not changed.
 * If the file has changed, all questions about the photo are asked again, even if the old file was unreadable.
 */
import { z } from 'zod';
import { defined } from '../../core/defined.ts';
import { GlobeError, invalidInput } from '../../core/errors.ts';
import type { AppendLog } from '../../storage/append-log.ts';
import type { Usage } from '../../vision/vision-model.ts';
import { keyOf, observationSchema } from '../observe/observation.ts';
import type { Observation, Question } from '../observe/observation.ts';
import { orderedMap } from '../../core/ordered-map.ts';
import { perceptualHash } from '../observe/perceptual-hash.ts';
import type { Photo } from '../observe/photo.ts';
import { fileSha256, fileStampSchema, isSameStamp, preparePhoto, stampOf } from '../observe/photo-file.ts';
import type { FileStamp } from '../observe/photo-file.ts';
import type { Recipe } from '../recipe/recipe.ts';

/** Number of files to check in parallel. */
const FILES_AT_A_TIME = 16;
const IMAGE = keyOf({ kind: 'image' });
const PASS_RATE = keyOf({ kind: 'pass-rate' });

const entrySchema = z.object({
  id: z.string(),
  key: z.string(),
  observation: observationSchema,
  usage: z.object({ promptTokens: z.number(), completionTokens: z.number() }).exactOptional(),
  /** Stamp of the photo's file. Present only in answers to the question `image`. */
  file: fileStampSchema.exactOptional(),
  /** Inputs of the answer other than the image. Present only in lines about a pass rate. */
  about: z.string().exactOptional(),
});

/** A line of the log. */
export type Entry = z.infer<typeof entrySchema>;

/** Answers by photo id and question key. */
export type Known = ReadonlyMap<string, Map<string, Observation>>;

export type KnownOptions = {
  readonly log: AppendLog;
  readonly recipe: Recipe;
  readonly signal: AbortSignal;
  /** Receives the token usage of every answer, including invalid answers, because they also cost money. */
  readonly onUsage?: (key: string, usage: Usage) => void;
  readonly onNotice?: (text: string) => void;
};

/** Returns the inputs of an answer other than the image. Only a pass rate has such an input, the true place. */
export function aboutOf(question: Question, { coordinate, place }: Photo): string | undefined {
  if (question.kind !== 'pass-rate') return undefined;
  const { latitudeDegrees, longitudeDegrees } = coordinate;
  return [latitudeDegrees, longitudeDegrees, place?.country ?? '', place?.city ?? ''].join('|');
}

/**
 * Returns the answers that are still valid. Throws `invalid-input` if the log contains ids that are not in `photos`.
 * Also throws if every file has changed, because the log is then about other photos.
 */
export async function knownAnswers(photos: readonly Photo[], options: KnownOptions): Promise<Known> {
  const { known, stamps } = replay(photos, options);
  const changed: Photo[] = [];
  let same = 0;
  const check = async (photo: Photo): Promise<{ photo: Photo; state: State }> => ({
    photo,
    state: await stateOf(photo, { observation: known.get(photo.id)!.get(IMAGE), stamp: stamps.get(photo.id), options }),
  });
  for await (const { photo, state } of orderedMap(photos, check, { concurrency: FILES_AT_A_TIME })) {
    if (state === 'same') same += 1;
    if (state === 'changed') changed.push(photo);
    if (state === 'changed' || state === 'to be read again') known.get(photo.id)!.clear();
  }
  const [first] = changed;
  if (first === undefined) return known;
  if (same === 0) {
    throw invalidInput(
      changed.length === 1
        ? `The only photo of this run has changed since the run read it: ${first.path}.`
        : `All ${changed.length} photos of this run have changed since the run read them. The first is ${first.path}.`,
      "Start a new run for these photos (another --out), or name the run's original photos with --input.",
    );
  }
  options.onNotice?.(
    `${changed.length} ${changed.length === 1 ? 'file has' : 'files have'} changed since the run read them. The first is ${first.path}. The models are asked about these files again.`,
  );
  return known;
}

/** Reads the log. Throws `invalid-input` for a line that does not belong to this run. */
function replay(photos: readonly Photo[], { log, recipe, onUsage }: KnownOptions): { known: Known; stamps: Stamps } {
  const byId = new Map(photos.map((photo) => [photo.id, photo]));
  const known = new Map(photos.map(({ id }) => [id, new Map<string, Observation>()]));
  const stamps = new Map<string, FileStamp | undefined>();
  for (const record of log.records) {
    const entry = entrySchema.safeParse(record);
    const photo = entry.success ? byId.get(entry.data.id) : undefined;
    if (!entry.success || photo === undefined) {
      throw invalidInput(
        `The log contains a line that does not belong to this run: ${JSON.stringify(record).slice(0, 120)}`,
        'The table of photos has changed since the start of the run: choose another --out.',
      );
    }
    const { id, key, observation, usage, file, about } = entry.data;
    if (usage !== undefined) onUsage?.(key, usage);
    const answers = known.get(id)!;
    if (key === IMAGE) {
      // This line is about a new picture, so the answers before it are about the old picture and are dropped.
      if (!isSamePicture(answers.get(IMAGE), observation)) answers.clear();
      stamps.set(id, file);
    }
    if (key === PASS_RATE && about !== undefined && about !== aboutOf({ kind: 'pass-rate' }, photo)) continue;
    if (observation.kind === 'no-annotation' && (observation.cutAtTokens ?? Infinity) < recipe.annotation.maxTokens) {
      continue;
    }
    answers.set(key, observation);
  }
  return { known, stamps };
}

type Stamps = ReadonlyMap<string, FileStamp | undefined>;

function isSamePicture(a: Observation | undefined, b: Observation): boolean {
  if (a?.kind !== 'image' || b.kind !== 'image') return false;
  if (a.sha256 !== undefined && b.sha256 !== undefined) return a.sha256 === b.sha256;
  return a.hash === b.hash && a.widthPixels === b.widthPixels && a.heightPixels === b.heightPixels;
}

/** How a photo's file compares with the log. */
type State = 'unknown' | 'same' | 'changed' | 'to be read again';

type StateOptions = {
  readonly observation: Observation | undefined;
  readonly stamp: FileStamp | undefined;
  readonly options: KnownOptions;
};

async function stateOf(photo: Photo, { observation, stamp, options }: StateOptions): Promise<State> {
  if (observation === undefined) return 'unknown';
  const now = await stampOf(photo.path);
  const isUnchanged = isSameStamp(now, stamp);
  if (observation.kind !== 'image') return isUnchanged ? 'unknown' : 'to be read again';
  if (isUnchanged) return 'same';
  const current = await observeAgain(photo, { observation, options });
  if (current === undefined) return 'same';
  if (!isSamePicture(observation, current)) return 'changed';
  const entry: Entry = { id: photo.id, key: IMAGE, observation: current, ...defined({ file: now }) };
  await options.log.append(entry);
  return 'same';
}

/**
 * Observes a file again whose stamp has changed. If the log has the SHA-256 of the old file, only the SHA-256 is
 * computed. Returns undefined if the file is unavailable; the logged answers then stay valid.
 */
async function observeAgain(
  photo: Photo,
  { observation, options }: { observation: Extract<Observation, { kind: 'image' }>; options: KnownOptions },
): Promise<Observation | undefined> {
  const { recipe, signal } = options;
  try {
    if (observation.sha256 !== undefined) {
      return { ...observation, sha256: await fileSha256(photo.path, signal) };
    }
    const { image, sha256 } = await preparePhoto(photo, recipe, signal);
    const { widthPixels, heightPixels, bytes } = image;
    return { kind: 'image', widthPixels, heightPixels, hash: await perceptualHash(bytes), sha256 };
  } catch (error) {
    if (!(error instanceof GlobeError)) throw error;
    return error.code === 'invalid-input' ? { kind: 'unreadable', reason: error.message } : undefined;
  }
}
