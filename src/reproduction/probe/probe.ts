/**
 * Probes a model in the generated world. Separate probes measure what the model sees, what it knows, and whether its
 * answer follows the evidence in its own text. The probes also compare its greedy answers with the majority of its
 * samples and with an ideal observer of the visible cues.
 */
import { defined } from '../../core/defined.ts';
import { distanceKm } from '../../core/distance.ts';
import { random, seedFrom, shuffled } from '../../core/random.ts';
import { proportion, type Proportion } from '../../core/statistics/index.ts';
import type { MeasuredOutcome } from '../../evaluation/outcome.ts';
import type { Gazetteer } from '../../gazetteer/gazetteer.ts';
import { sceneWords } from '../../miniature/adapters/scene-words.ts';
import { evidenceSentence } from '../../miniature/annotators/evidence.ts';
import { DESCRIBE_PROMPT } from '../../miniature/corpora/descriptions.ts';
import { CITIES } from '../../miniature/facts/cities.ts';
import { idealAnswer } from '../../miniature/ideal-observer.ts';
import { cityPosition } from '../../miniature/position.ts';
import type { SceneTruth } from '../../miniature/truth.ts';
import type { World } from '../../miniature/world.ts';
import { locatePrompt, type PromptForm } from '../../prompts/locate-prompt.ts';
import type { AnsweringBackend, SamplingParameters } from '../../training/backends/training-backend.ts';
import { measureCompletion } from '../../training/evaluate-policy.ts';
import type { TrainingExample } from '../../training/training-example.ts';
import { majorityOf } from './majority.ts';

/**
 * An answer within this distance of the true position is right. Accuracy at this distance is the primary measure of the
 * experiments.
 */
const RIGHT_WITHIN_KM = 25;

export type ProbeOptions = {
  readonly backend: AnsweringBackend;
  readonly gazetteer: Gazetteer;
  readonly world: World;
  readonly photos: readonly TrainingExample[];
  readonly prompt: PromptForm;
  readonly maxTokens: number;
  /** Number of sampled answers per photo, at temperature 1. */
  readonly samples: number;
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly onProgress?: (pass: string, done: number, total: number) => void;
};

/** A share of photos, or of things such as cues. Undefined if there is nothing to count. */
export type Share = Proportion | undefined;

export type ProbeReport = {
  readonly n: number;
  readonly samples: number;
  /** Accuracy of the ideal observer on the same photos, which is the upper limit. */
  readonly ideal: Share;
  /** Accuracy of the greedy answer. In this probe and the next four, the model writes the whole answer itself. */
  readonly greedy: Share;
  readonly greedyCountry: Share;
  readonly passAt1: number;
  /** Share of photos for which at least one sample is right. */
  readonly passAtAll: Share;
  readonly majority: Share;
  /**
   * Accuracy if the reasoning text is made to begin with the photo's own visible cues, on photos that show their
   * country.
   */
  readonly toldCountry: Share;
  readonly toldCity: Share;
  /** Share of those answers that reached the token limit. They count as wrong. */
  readonly toldEndless: Share;
  /**
   * Share of answers that follow another photo's cues. The reasoning text is made to begin with the cues of a photo of
   * another country. The answer follows them if it names that country.
   */
  readonly followedCues: Share;
  /**
   * Share of the visible cues that the model's description of the photo names. `landmarkRecall` counts only landmarks.
   */
  readonly cueRecall: Share;
  readonly landmarkRecall: Share;
  /** Share of the things named in a description that the photo does not show. */
  readonly invented: Share;
};

/** Number of photos per call of the sampler. */
const CHUNK = 64;

export async function probe(options: ProbeOptions): Promise<ProbeReport> {
  const { photos, world } = options;
  const scenes = photos.map(({ id }) => world.byId(id)!);
  return {
    n: photos.length,
    samples: options.samples,
    ideal: idealAccuracy(scenes, options.gazetteer),
    ...(await freeAnswers(options)),
    ...(await toldAnswers(options, scenes)),
    ...(await described(options, scenes)),
  };
}

/** Returns the share of scenes that the ideal observer places within RIGHT_WITHIN_KM. */
export function idealAccuracy(scenes: readonly SceneTruth[], gazetteer: Gazetteer): Share {
  const positions = CITIES.map((city) => cityPosition(city, gazetteer).coordinate);
  return shareOf(scenes, (scene) => {
    const { city } = idealAnswer(scene.cues, { positions, radiusKm: RIGHT_WITHIN_KM });
    return distanceKm(positions[CITIES.indexOf(city)]!, scene) <= RIGHT_WITHIN_KM;
  });
}

async function freeAnswers(
  options: ProbeOptions,
): Promise<Pick<ProbeReport, 'greedy' | 'greedyCountry' | 'passAt1' | 'passAtAll' | 'majority'>> {
  const { photos, samples, prompt } = options;
  const request = { prompt: locatePrompt({ form: prompt }) };
  const greedy = await answers(options, { ...request, pass: 'greedy', samples: 1, temperature: 0 });
  const sampled = await answers(options, { ...request, pass: 'samples', samples, temperature: 1 });
  const right = sampled.flat().filter(isRight).length;
  return {
    greedy: shareOf(greedy, ([answer]) => isRight(answer!)),
    greedyCountry: shareOf(greedy, ([answer]) => answer!.countryMatch === true),
    passAt1: right / (photos.length * samples),
    passAtAll: shareOf(sampled, (group) => group.some(isRight)),
    majority: shareOf(sampled, (group) => {
      const chosen = majorityOf(group);
      return chosen !== undefined && isRight(chosen);
    }),
  };
}

/**
 * Measures answers whose reasoning text is made to begin with visible cues, either the photo's own or those of a photo
 * of another country.
 */
async function toldAnswers(
  options: ProbeOptions,
  scenes: readonly SceneTruth[],
): Promise<Pick<ProbeReport, 'toldCountry' | 'toldCity' | 'toldEndless' | 'followedCues'>> {
  const { photos, prompt, seed } = options;
  const telling = photos.flatMap((example, i) =>
    scenes[i]!.difficulty === 'not-localizable' ? [] : [{ example, scene: scenes[i]! }],
  );
  const others = swapped(telling, seed);
  const prefix = (scene: SceneTruth): string => `<think>${evidenceOf(scene, seed)}`;
  const told = { ...options, photos: telling.map(({ example }) => example) };
  const request = { prompt: locatePrompt({ form: prompt }), samples: 1, temperature: 0 };
  const own = await answers(told, { ...request, pass: 'own cues', prefix: (i) => prefix(telling[i]!.scene) });
  const swap = await answers(told, { ...request, pass: 'other cues', prefix: (i) => prefix(others[i]!) });
  const easy = own.filter((_, i) => telling[i]!.scene.difficulty === 'easy');
  return {
    toldCountry: shareOf(own, ([answer]) => answer!.countryMatch === true),
    toldCity: shareOf(easy, ([answer]) => isRight(answer!)),
    toldEndless: shareOf(own, ([answer]) => answer!.isCut),
    followedCues: shareOf(
      swap.map((group, i) => ({ answer: group[0]!, other: others[i]! })),
      ({ answer, other }) => countryOf(answer) === other.countryCode,
    ),
  };
}

/** Returns, for each scene, a random scene of another country. */
function swapped(telling: readonly { readonly scene: SceneTruth }[], seed: number): SceneTruth[] {
  return telling.map(({ scene }) => {
    const generator = random(seedFrom(`${seed}/swap/${scene.id}`));
    for (;;) {
      const other = telling[generator.integer(telling.length)]!.scene;
      if (other.countryCode !== scene.countryCode) return other;
      if (telling.every((one) => one.scene.countryCode === scene.countryCode)) {
        throw new RangeError('All photos show one country: no cues can be swapped.');
      }
    }
  });
}

/** Describes the visible cues of a scene in an annotator's words. Misleading cues are left out. */
function evidenceOf({ id, cues }: SceneTruth, seed: number): string {
  const generator = random(seedFrom(`${seed}/evidence/${id}`));
  return shuffled(
    cues.filter(({ misleading }) => !misleading),
    generator,
  )
    .map((cue) => evidenceSentence(cue, 'careful', generator))
    .join(' ');
}

async function described(
  options: ProbeOptions,
  scenes: readonly SceneTruth[],
): Promise<Pick<ProbeReport, 'cueRecall' | 'landmarkRecall' | 'invented'>> {
  const texts = await completions(options, { prompt: DESCRIBE_PROMPT, pass: 'describe', samples: 1, temperature: 0 });
  const read = sceneWords(options.world.vocabulary);
  const cues: { readonly landmark: boolean; readonly named: boolean }[] = [];
  let [things, invented] = [0, 0];
  for (const [i, scene] of scenes.entries()) {
    const { text } = texts[i]![0]!;
    const named = read(
      text,
      scene.elements.map(({ label }) => label),
    );
    things += named.present.length + named.invented.length;
    invented += named.invented.length;
    for (const { kind, element } of scene.cues) {
      cues.push({ landmark: kind === 'landmark', named: named.present.includes(element) });
    }
  }
  return {
    cueRecall: shareOf(cues, ({ named }) => named),
    landmarkRecall: shareOf(
      cues.filter(({ landmark }) => landmark),
      ({ named }) => named,
    ),
    invented: proportion(invented, things),
  };
}

type Completed = {
  readonly text: string;
  /** True if the answer reached the token limit. */
  readonly isCut: boolean;
};

type Pass = {
  readonly prompt: string;
  readonly pass: string;
  readonly samples: number;
  readonly temperature: number;
  /** Returns the text with which the answer to a photo must begin, by the index of the photo. */
  readonly prefix?: (index: number) => string;
};

type Answer = MeasuredOutcome & { readonly isCut: boolean };

async function answers(options: ProbeOptions, pass: Pass): Promise<Answer[][]> {
  const groups = await completions(options, pass);
  return groups.map((group, i) =>
    group.map(({ text, isCut }) => ({ ...measureCompletion(options.photos[i]!, text, options.gazetteer), isCut })),
  );
}

/** Returns the completed answers, including their prefixes, in the order of the photos. */
async function completions(
  { backend, photos, maxTokens, seed, signal, onProgress }: ProbeOptions,
  { prompt, pass, samples, temperature, prefix }: Pass,
): Promise<Completed[][]> {
  const tokens = backend.promptTokens({ prompt, image: true });
  const texts: Completed[][] = [];
  for (let start = 0; start < photos.length; start += CHUNK) {
    const chunk = photos.slice(start, start + CHUNK);
    const begins = chunk.map((_, i) => prefix?.(start + i));
    const groups = await backend.sample(
      chunk.map(({ id, image }, i) => ({
        prompt: {
          image,
          tokens: begins[i] === undefined ? tokens : [...tokens, ...backend.tokenizer.encode(begins[i])],
        },
        samples,
        parameters: { maxTokens, temperature, seed: seedFrom(`${seed}/${pass}/${id}`) } satisfies SamplingParameters,
      })),
      defined({ signal }),
    );
    for (const [i, group] of groups.entries()) {
      texts.push(
        group.map(({ tokens: written, finishReason }) => ({
          text: `${begins[i] ?? ''}${backend.tokenizer.decode(written, { controls: false })}`,
          isCut: finishReason === 'length',
        })),
      );
    }
    onProgress?.(pass, texts.length, photos.length);
  }
  return texts;
}

const isRight = ({ distanceKm: km }: MeasuredOutcome): boolean => km !== undefined && km <= RIGHT_WITHIN_KM;

const countryOf = ({ outcome }: MeasuredOutcome): string | undefined =>
  outcome.kind === 'located' ? outcome.place?.countryCode : undefined;

const shareOf = <T>(items: readonly T[], test: (item: T) => boolean): Share =>
  proportion(items.filter(test).length, items.length);
