/**
 * The generative method, which GLOBE uses: a vision-language model writes the place and its reasons, a geocoder finds
 * the position, and several samples vote. Other modules parse, geocode and vote.
 */
import { parseAnswer } from '../core/answer-grammar.ts';
import type { Coordinate } from '../core/coordinate.ts';
import { defined } from '../core/defined.ts';
import type { Place } from '../core/place.ts';
import type { Gazetteer, GeocodeResult, Geocoder } from '../gazetteer/gazetteer.ts';
import { locatePrompt } from '../prompts/locate-prompt.ts';
import type { Completion, Usage, VisionModel } from '../vision/vision-model.ts';
import type { Ballot, Level, Located } from './ballot.ts';
import type { Locator } from './locator.ts';
import { prefersStated } from './preferred-position.ts';
import type { Preference } from './preferred-position.ts';
import { vote } from './vote.ts';

/**
 * Default temperature for several samples, as in the authors' script. A single sample uses 0, so that it is
 * reproducible.
 */
export const SAMPLING_TEMPERATURE = 0.6;
/** Default maximum number of tokens in a completion, as in the paper's training. */
export const MAX_COMPLETION_TOKENS = 1024;

export type GenerativeLocatorOptions = {
  readonly model: VisionModel;
  /**
   * Compares places for the vote, and finds the place for an answer that is only a position. Also geocodes, if
   * `geocoder` is absent.
   */
  readonly gazetteer: Pick<Gazetteer, 'geocode' | 'match' | 'reverse' | 'contains'>;
  readonly geocoder?: Pick<Geocoder, 'geocode'>;
  readonly prompt?: string;
  readonly system?: string;
  readonly samples?: number;
  readonly temperature?: number;
  readonly topP?: number;
  readonly maxTokens?: number;
  readonly levels?: readonly Level[];
  readonly agreementShare?: number;
  /** Which position counts if the answer names a place and also states a position; the default is `finest`. */
  readonly prefer?: Preference;
};

/**
 * Creates the locator. `locate` throws the errors of the model and the geocoder, because a failed service says nothing
 * about the location.
 *
 * @example
 * const { model } = await openVisionModel('http://127.0.0.1:8000/v1#qwen', { config: { models: {} }, env: process.env });
 * const locator = generativeLocator({ model, gazetteer: openGazetteer(), samples: 5 });
 * const location = await locator.locate(await prepareImage('photo.jpg'), { signal: AbortSignal.timeout(60_000) });
 */
export function generativeLocator(options: GenerativeLocatorOptions): Locator {
  const { model, gazetteer, samples = 1, levels, agreementShare, system, topP, prefer = 'finest' } = options;
  const geocoder = options.geocoder ?? { geocode: async (place: Place) => gazetteer.geocode(place) };
  const prompt = options.prompt ?? locatePrompt(defined({ form: model.promptForm }));
  const temperature = options.temperature ?? (samples === 1 ? 0 : SAMPLING_TEMPERATURE);
  return {
    name: model.name,
    locate: async (image, { signal, seed }) => {
      const completions = await model.generate({
        image,
        prompt,
        samples,
        temperature,
        maxTokens: options.maxTokens ?? MAX_COMPLETION_TOKENS,
        ...defined({ system, topP, seed }),
        signal,
      });
      const geocode = onceEach(geocoder, signal);
      const ballots = await Promise.all(
        completions.map(async (completion) => ballotOf(completion, { geocode, gazetteer, prefer })),
      );
      const location = vote(ballots, {
        match: (a, b) => gazetteer.match(a, b),
        ...defined({ levels, agreementShare }),
      });
      const usage = totalUsage(completions);
      return usage === undefined ? location : { ...location, usage };
    },
  };
}

/** Geocodes each distinct place only once, even if several samples name it. */
function onceEach(geocoder: Pick<Geocoder, 'geocode'>, signal: AbortSignal): (place: Place) => Promise<GeocodeResult> {
  const known = new Map<string, Promise<GeocodeResult>>();
  return async (place) => {
    const key = JSON.stringify([place.country, place.region, place.city]);
    let result = known.get(key);
    if (result === undefined) {
      result = geocoder.geocode(place, { signal });
      known.set(key, result);
    }
    return result;
  };
}

type Lookup = {
  readonly geocode: (place: Place) => Promise<GeocodeResult>;
  readonly gazetteer: Pick<Gazetteer, 'reverse' | 'contains'>;
  readonly prefer: Preference;
};

async function ballotOf({ text, finishReason }: Completion, lookup: Lookup): Promise<Ballot> {
  const answer =
    finishReason === 'content-filter'
      ? ({ kind: 'unparseable', text, reason: "the service's content filter stopped the answer" } as const)
      : parseAnswer(text);
  const sample = { completion: text, answer };
  if (answer.kind === 'refusal' || answer.kind === 'unparseable') return { sample };
  const { located, reason } = await locateNamed(answer, lookup);
  if (located === undefined) return { sample: { ...sample, ...defined({ reason }) } };
  const alternatives = await Promise.all(
    (answer.alternatives ?? []).map(async ({ probability, ...named }) => {
      const other = await locateNamed(named, lookup);
      return other.located === undefined ? [] : [{ ...other.located, ...defined({ probability }) }];
    }),
  );
  return {
    sample: { ...sample, coordinate: located.coordinate, ...defined({ reason }) },
    located,
    alternatives: alternatives.flat(),
  };
}

type Named = { readonly place?: Place; readonly coordinate?: Coordinate };

/**
 * Chooses between the position of a named place and the position that the answer states. `reason` tells why a named
 * place has no position.
 */
async function locateNamed(
  { place: named, coordinate: stated }: Named,
  { geocode, gazetteer, prefer }: Lookup,
): Promise<{ readonly located?: Located; readonly reason?: string }> {
  const found = named === undefined ? undefined : await geocode(named);
  if (found?.kind === 'found') {
    const { place, coordinate, granularity } = found;
    const isStated = stated !== undefined && prefersStated(stated, { found, prefer, gazetteer });
    return {
      located: isStated ? { coordinate: stated, granularity: 'coordinate', place } : { coordinate, granularity, place },
    };
  }
  const reason = found?.reason;
  // No place is known, so the position that the model states counts, with the granularity `coordinate`.
  if (stated === undefined) return defined({ reason });
  const place = gazetteer.reverse(stated);
  return { located: { coordinate: stated, granularity: 'coordinate', ...defined({ place }) }, ...defined({ reason }) };
}

function totalUsage(completions: readonly Completion[]): Usage | undefined {
  const counted = completions.flatMap(({ usage }) => (usage === undefined ? [] : [usage]));
  if (counted.length === 0) return undefined;
  return {
    promptTokens: counted.reduce((sum, { promptTokens }) => sum + promptTokens, 0),
    completionTokens: counted.reduce((sum, { completionTokens }) => sum + completionTokens, 0),
  };
}
