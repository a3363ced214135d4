/**
 * Asks a model a yes-or-no question about an image and reads the probability of yes.
 *
 * The probability comes from the log-probabilities of the first token. If they do not determine the probability, the
 * model answers several times. The answers are limited to yes or no if the model's server supports this. If the limited
 * answers have log-probabilities, the probability comes from them. Otherwise it is the frequency of yes, marked
 * approximate.
 */
import type { PreparedImage } from '../image/prepared-image.ts';
import type { VisionModel } from './vision-model.ts';
import { yesFrequency, yesProbability } from './yes-no.ts';

/** Number of alternative tokens to request, which is the maximum of vLLM and Azure. */
const TOP_LOGPROBS = 20;

export type YesNoQuestion = {
  readonly image: PreparedImage;
  readonly system: string;
  readonly prompt: string;
  /** Number of answers to draw at temperature 1 if log-probabilities are missing or do not determine the result. */
  readonly samples: number;
  readonly signal: AbortSignal;
};

export type YesNoAnswer =
  | {
      readonly kind: 'probability';
      readonly probability: number;
      readonly method: string;
      /** Present if the probability is a frequency among samples. */
      readonly samples?: number;
    }
  /** The model answered neither yes nor no. */
  | { readonly kind: 'neither'; readonly text: string };

/** Asks the question. Throws the model's errors, and `service` for an invalid log-probability. */
export async function askYesNo(model: VisionModel, { samples, ...question }: YesNoQuestion): Promise<YesNoAnswer> {
  const [greedy] = await model.generate({
    ...question,
    samples: 1,
    temperature: 0,
    maxTokens: 1,
    topLogprobs: TOP_LOGPROBS,
  });
  const exact = greedy === undefined ? undefined : yesProbability(greedy);
  if (exact !== undefined) return { kind: 'probability', probability: exact, method: 'first-token log-probabilities' };
  const enforced = model.enforcesChoice === true;
  const drawn = await model.generate({
    ...question,
    samples,
    temperature: 1,
    maxTokens: 4,
    ...(enforced && { choice: ['yes', 'no'], topLogprobs: TOP_LOGPROBS }),
  });
  const constrained = enforced && drawn[0] !== undefined ? yesProbability(drawn[0]) : undefined;
  if (constrained !== undefined) return { kind: 'probability', probability: constrained, method: 'constrained choice' };
  const probability = yesFrequency(drawn);
  const method = enforced ? 'sampled frequency of a constrained choice' : 'sampled frequency';
  if (probability !== undefined) return { kind: 'probability', probability, method, samples };
  return { kind: 'neither', text: drawn[0]?.text ?? '' };
}
