/**
 * Creates the function that answers questions about a photo with instruments, which are models, locators and measures.
 * The number of requests in flight is limited for each instrument. A content filter's refusal and a malformed answer
 * are facts about the photo and the model, so they become observations. Every other failure is thrown, and the question
 * is asked again later. This folder reads photos and collects observations. It makes no decisions.
 */
import PQueue from 'p-queue';
import { defined } from '../../core/defined.ts';
import { GlobeError } from '../../core/errors.ts';
import { seedFrom } from '../../core/random.ts';
import { annotationClaims } from '../../grounding/annotation-claims.ts';
import type { Grounder, MeaningMeasure } from '../../grounding/grounding.ts';
import type { PreparedImage } from '../../image/prepared-image.ts';
import type { Locator } from '../../locator/locator.ts';
import { ANNOTATE_JSON_SCHEMA, ANNOTATE_PROMPT } from '../../prompts/annotate-prompt.ts';
import { addUsage, NO_USAGE } from '../../vision/cost.ts';
import type { ClaimVerifier } from '../../vision/claim-verifier.ts';
import { ContentFilterError } from '../../vision/request-refusal.ts';
import type { Segmenter } from '../../vision/segmenter.ts';
import type { Completion, GenerateRequest, Usage, VisionModel } from '../../vision/vision-model.ts';
import type { Annotation, Observation, Question } from './observation.ts';
import { parseAnnotation } from './parse-annotation.ts';
import { perceptualHashes } from './perceptual-hash.ts';
import type { Photo } from './photo.ts';
import { stampOf } from './photo-file.ts';
import type { FileStamp, ShownPhoto } from './photo-file.ts';
import { measureShades } from './shades.ts';
import { annotatorName } from '../recipe/recipe.ts';
import type { Recipe } from '../recipe/recipe.ts';

export type Instruments = {
  /** The annotators' models, by annotator name. */
  readonly annotators: ReadonlyMap<string, VisionModel>;
  readonly gps?: Locator;
  readonly segmenter?: Segmenter;
  /** Checks the claims in annotations. Used by the grounding gate in mode `verified`. */
  readonly verifier?: ClaimVerifier;
  /** Extracts claims from the prose of annotations. */
  readonly grounder?: Pick<Grounder, 'claims'>;
  readonly meaning?: MeaningMeasure;
  /** Used by the solvable gate. Counts how many of a model's answers name the photo's place correctly. */
  readonly passRate?: (
    photo: Photo,
    image: PreparedImage,
    signal: AbortSignal,
  ) => Promise<{ right: number; samples: number; usage: Usage }>;
};

export type InstrumentAnswer = {
  readonly observation: Observation;
  readonly usage?: Usage;
  /**
   * The stamp of the photo's file (its size and modification time). Present only with the answer to the question
   * `image`.
   */
  readonly file?: FileStamp;
};

export type Ask = (question: Question, context: AskContext) => Promise<InstrumentAnswer>;

export type AskContext = {
  readonly photo: Photo;
  /** Prepares the photo. All instruments share the result. */
  readonly show: () => Promise<ShownPhoto>;
  /** Returns an annotation that the photo already has. */
  readonly annotation: (annotator: string) => Annotation;
  readonly signal: AbortSignal;
};

/** Maximum number of photos prepared in parallel. It is low because preparation uses the CPU. */
const PREPARE_CONCURRENCY = 4;

export function createAsk(recipe: Recipe, instruments: Instruments): Ask {
  const queue = (concurrency: number): PQueue => new PQueue({ concurrency });
  const preparing = queue(PREPARE_CONCURRENCY);
  const annotating = new Map(recipe.annotators.map((entry) => [annotatorName(entry), queue(entry.concurrency)]));
  const locating = queue(recipe.gps?.concurrency ?? 1);
  const segmenting = queue(recipe.segmentation?.concurrency ?? 1);
  const verifying = queue(recipe.verifier?.concurrency ?? 1);
  const comparing = queue(recipe.meaning.concurrency);
  const solving = queue(recipe.gates.solvable?.concurrency ?? 1);

  return async (question, context) => {
    const { photo, signal } = context;
    switch (question.kind) {
      case 'image':
        return preparing.add(async () => observeImage(context), { signal });
      case 'annotation': {
        const model = present(instruments.annotators.get(question.annotator), question.annotator);
        const { image } = await context.show();
        const limit = annotating.get(question.annotator)!;
        return limit.add(async () => annotate(model, { recipe, photo, image, signal }), { signal });
      }
      case 'position': {
        const gps = present(instruments.gps, 'a GPS annotator');
        const { image } = await context.show();
        return locating.add(async () => observePosition(gps, { photo, image, signal }), { signal });
      }
      case 'elements': {
        const segmenter = present(instruments.segmenter, 'a segmentation');
        const { image } = await context.show();
        const elements = await segmenting.add(async () => segmenter.segment(image, { signal }), { signal });
        return { observation: { kind: 'elements', elements } };
      }
      case 'claims': {
        const verifier = present(instruments.verifier, 'a verifier');
        const grounder = present(instruments.grounder, 'a grounder');
        const claims = annotationClaims(context.annotation(question.annotator), grounder);
        const { image } = await context.show();
        const verdicts = await verifying.add(async () => verifier.verify(image, claims, { signal }), { signal });
        const checked = claims.map((claim, i) => ({ ...claim, ...verdicts[i]! }));
        return { observation: { kind: 'claims', claims: checked } };
      }
      case 'similarity': {
        const meaning = present(instruments.meaning, 'a measure of meaning');
        const [a, b] = [context.annotation(question.a).reasoning, context.annotation(question.b).reasoning];
        const value = await comparing.add(async () => meaning.similarity(a, b, { signal }), { signal });
        return { observation: { kind: 'similarity', value } };
      }
      case 'pass-rate': {
        const passRate = present(instruments.passRate, 'a model for the solvable gate');
        const { image } = await context.show();
        const { usage, ...counts } = await solving.add(async () => passRate(photo, image, signal), { signal });
        return { observation: { kind: 'pass-rate', ...counts }, usage };
      }
    }
  };
}

async function observeImage({ photo, show }: AskContext): Promise<InstrumentAnswer> {
  // The stamp is taken before the file is read. If the file is replaced in between, the next run finds that the stamp
  // has changed.
  const stamp = await stampOf(photo.path);
  const file = defined({ file: stamp });
  try {
    const { image, sha256 } = await show();
    const { bytes, widthPixels, heightPixels } = image;
    const [hashes, shades] = await Promise.all([perceptualHashes(bytes), measureShades(bytes)]);
    return { observation: { kind: 'image', widthPixels, heightPixels, ...hashes, sha256, ...shades }, ...file };
  } catch (error) {
    // A damaged image is always damaged, so it becomes an observation. A missing file or a disk error can be temporary,
    // so it is thrown.
    if (!(error instanceof GlobeError && error.code === 'invalid-input')) throw error;
    return { observation: { kind: 'unreadable', reason: error.message }, ...file };
  }
}

type AnnotateOptions = {
  readonly recipe: Recipe;
  readonly photo: Photo;
  readonly image: PreparedImage;
  readonly signal: AbortSignal;
};

async function annotate(
  model: VisionModel,
  { recipe, photo, image, signal }: AnnotateOptions,
): Promise<InstrumentAnswer> {
  const { temperature, retryTemperature, tries, maxTokens } = recipe.annotation;
  let usage = NO_USAGE;
  let malformed: Malformed = { reason: '', text: '' };
  for (let attempt = 0; attempt < tries; attempt++) {
    const completion = await generateUnfiltered(model, {
      image,
      prompt: ANNOTATE_PROMPT,
      samples: 1,
      temperature: attempt === 0 ? temperature : retryTemperature,
      maxTokens,
      // The seed depends on the photo, not on the order of requests, so that a resumed run sends the same request.
      seed: seedFrom(`${recipe.seed}:${photo.id}:${attempt}`) % 2 ** 31,
      jsonSchema: ANNOTATE_JSON_SCHEMA,
      signal,
    });
    usage = addUsage(usage, completion.usage ?? NO_USAGE);
    if (completion.finishReason === 'content-filter') {
      return {
        observation: { kind: 'no-annotation', reason: completion.text || 'a content filter stopped the answer' },
        usage,
      };
    }
    const parsed = parseAnnotation(completion.text);
    if (parsed.kind === 'annotation') return { observation: parsed, usage };
    malformed = malformedBy(completion, { reason: parsed.reason, maxTokens });
  }
  const reason = `malformed in ${tries} tries: ${malformed.reason}`;
  return { observation: { kind: 'no-annotation', ...malformed, reason }, usage };
}

type Malformed = { readonly reason: string; readonly text: string; readonly cutAtTokens?: number };

function malformedBy(
  { text, finishReason }: Completion,
  { reason, maxTokens }: { reason: string; maxTokens: number },
): Malformed {
  if (finishReason !== 'length') return { reason, text };
  const cut = `cut at the limit of ${maxTokens} tokens (finish reason "length")`;
  return { reason: `${reason}; ${cut}`, text, cutAtTokens: maxTokens };
}

/** Returns one completion. If a content filter refuses the request, the completion's text is the filter's message. */
async function generateUnfiltered(model: VisionModel, request: GenerateRequest): Promise<Completion> {
  try {
    const [completion] = await model.generate(request);
    return completion!;
  } catch (error) {
    if (!(error instanceof ContentFilterError)) throw error;
    return { text: error.message, finishReason: 'content-filter' };
  }
}

async function observePosition(
  gps: Locator,
  { photo, image, signal }: { photo: Photo; image: PreparedImage; signal: AbortSignal },
): Promise<InstrumentAnswer> {
  const location = await gps.locate(image, { signal, seed: seedFrom(photo.id) % 2 ** 31 });
  const { coordinate, confidence, reason, usage } = location;
  const more = defined({ usage });
  if (coordinate === undefined) {
    return { observation: { kind: 'no-position', reason: reason ?? location.kind }, ...more };
  }
  return { observation: { kind: 'position', coordinate, ...defined({ confidence }) }, ...more };
}

function present<T>(instrument: T | undefined, what: string): T {
  if (instrument !== undefined) return instrument;
  throw new GlobeError({ code: 'internal', message: `The recipe needs ${what}, but it was not opened.` });
}
