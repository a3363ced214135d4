/**
 * Measures a policy. The policy answers once per held-out photo. Each answer is parsed, geocoded and compared with the
 * true place.
 */
import { parseAnswer } from '../core/answer-grammar.ts';
import { defined } from '../core/defined.ts';
import { distanceKm } from '../core/distance.ts';
import type { Place } from '../core/place.ts';
import { seedFrom } from '../core/random.ts';
import type { MeasuredOutcome, Outcome } from '../evaluation/outcome.ts';
import type { Gazetteer } from '../gazetteer/gazetteer.ts';
import type { AnsweringBackend } from './backends/training-backend.ts';
import type { TrainingExample } from './training-example.ts';

export type PolicyAnswer = {
  readonly example: TrainingExample;
  readonly completion: string;
  readonly measured: MeasuredOutcome;
};

export type EvaluatePolicyOptions = {
  readonly backend: AnsweringBackend;
  readonly gazetteer: Gazetteer;
  readonly prompt: string;
  readonly maxTokens: number;
  readonly signal: AbortSignal;
  /** Settings for sampled answers. The default is greedy answers. */
  readonly draw?: { readonly temperature: number; readonly seed: number };
  readonly onProgress?: (done: number) => void;
};

/**
 * Number of photos per call of the backend. Larger calls would delay an interrupt, and smaller calls would leave
 * sampling slots unused.
 */
const CHUNK = 128;

/** Returns the measured answers in the order of the examples. Every example needs a `truthCoordinate`. */
export async function evaluatePolicy(
  examples: readonly TrainingExample[],
  { backend, gazetteer, prompt, maxTokens, signal, draw, onProgress }: EvaluatePolicyOptions,
): Promise<PolicyAnswer[]> {
  const tokens = backend.promptTokens({ prompt, image: true });
  const answers: PolicyAnswer[] = [];
  for (let start = 0; start < examples.length; start += CHUNK) {
    const chunk = examples.slice(start, start + CHUNK);
    const drawn = await backend.sample(
      chunk.map(({ id, image }) => ({
        prompt: { image, tokens },
        samples: 1,
        parameters:
          draw === undefined
            ? { maxTokens, temperature: 0, seed: 0 }
            : { maxTokens, temperature: draw.temperature, seed: seedFrom(`${draw.seed}/${id}`) },
      })),
      { signal },
    );
    for (const [i, example] of chunk.entries()) {
      const completion = backend.tokenizer.decode(drawn[i]![0]!.tokens, { controls: false });
      answers.push({ example, completion, measured: measureCompletion(example, completion, gazetteer) });
    }
    onProgress?.(answers.length);
  }
  return answers;
}

/** Parses and geocodes a completion, and compares the resulting place with the truth. */
export function measureCompletion(example: TrainingExample, completion: string, gazetteer: Gazetteer): MeasuredOutcome {
  return measureOutcome(example, outcomeOf(completion, gazetteer), gazetteer);
}

/** Compares an outcome with the truth. `place` is the place that the model named, if any. */
export function measureOutcome(
  example: TrainingExample,
  { outcome, place }: { readonly outcome: Outcome; readonly place?: Place },
  gazetteer: Pick<Gazetteer, 'match'>,
): MeasuredOutcome {
  const { id, truth, truthCoordinate, owner, scene } = example;
  if (truthCoordinate === undefined) throw new RangeError(`Example ${id} has no true coordinate.`);
  const match = place === undefined ? undefined : gazetteer.match(place, truth);
  return {
    id,
    truth: { coordinate: truthCoordinate, place: truth },
    outcome,
    ...(outcome.kind === 'located' && { distanceKm: distanceKm(outcome.coordinate, truthCoordinate) }),
    countryMatch: match?.country ?? false,
    cityMatch: match?.city ?? false,
    ...defined({ countryCode: truth.countryCode, author: owner, scene }),
  };
}

function outcomeOf(completion: string, gazetteer: Gazetteer): { outcome: Outcome; place?: Place } {
  const answer = parseAnswer(completion);
  switch (answer.kind) {
    case 'refusal':
      return { outcome: { kind: 'refused', reason: 'the model declined' } };
    case 'unparseable':
      return { outcome: { kind: 'unparseable', reason: answer.reason } };
    case 'coordinate': {
      const place = gazetteer.reverse(answer.coordinate);
      const outcome = { kind: 'located', coordinate: answer.coordinate, granularity: 'coordinate' } as const;
      return place === undefined ? { outcome } : { outcome, place };
    }
    case 'place': {
      const { place } = answer;
      const found = gazetteer.geocode(place);
      if (found.kind === 'notFound') return { outcome: { kind: 'notGeocodable', reason: found.reason, place }, place };
      const { coordinate, granularity } = found;
      return { outcome: { kind: 'located', coordinate, place: found.place, granularity }, place };
    }
    default:
      throw new TypeError(`Unknown kind of answer: ${JSON.stringify(answer satisfies never)}`);
  }
}
