/**
 * The localizability reward R_loc = P(y = 1 | I, r; θ_loc) is the probability that a judge says yes. Any VisionModel
 * can judge; `vision/ask-yes-no.ts` reads the probability.
 *
 * If the judge fails, or answers neither yes nor no, the row is unscored, never 0.
 */
import { messageOf } from '../core/errors.ts';
import { type Score, scored, unscored } from '../core/score.ts';
import type { PreparedImage } from '../image/prepared-image.ts';
import {
  LOCALIZABILITY_PROMPT_VERSION,
  LOCALIZABILITY_SYSTEM,
  localizabilityPrompt,
} from '../prompts/localizability-prompt.ts';
import { askYesNo } from '../vision/ask-yes-no.ts';
import { isTemporary } from '../vision/is-temporary.ts';
import type { VisionModel } from '../vision/vision-model.ts';
import type { Reward, RewardDetail, RewardInput } from './reward.ts';
import { reasoningOf } from './visual-grounding.ts';

export type LocalizabilityOptions = {
  /** Number of answers to draw at temperature 1 if log-probabilities are missing or do not determine the score. */
  readonly samples?: number;
};

/**
 * Creates the reward R_loc, in [0, 1]: the judge's probability of yes, for the image and the reasoning. A row is
 * unscored if it has no image, or if the judge fails or answers neither yes nor no.
 *
 * @example
 * localizability(judge, { samples: 8 });
 */
export function localizability(judge: VisionModel, { samples = 8 }: LocalizabilityOptions = {}): Reward {
  return {
    name: `localizability/${judge.name}/${LOCALIZABILITY_PROMPT_VERSION}`,
    score: async (batch, { signal }) => {
      // Completions in a group can have the same reasoning, so the judge scores each pair of image and reasoning once.
      const judgements = new Map<string, Promise<Score<RewardDetail>>>();
      const results = batch.map((input) => {
        if (input.image === undefined) return Promise.resolve(unscored('the row has no image for the judge'));
        const reasoning = reasoningOf(input.completion);
        const key = `${input.image.sha256}\n${reasoning}`;
        const judgement = judgements.get(key) ?? judgeOne({ judge, image: input.image, reasoning, samples, signal });
        judgements.set(key, judgement);
        return judgement;
      });
      return Promise.all(results);
    },
  };
}

async function judgeOne({
  judge,
  image,
  reasoning,
  samples,
  signal,
}: {
  judge: VisionModel;
  image: PreparedImage;
  reasoning: string;
  samples: number;
  signal: AbortSignal;
}): Promise<Score<RewardDetail>> {
  try {
    const answer = await askYesNo(judge, {
      image,
      system: LOCALIZABILITY_SYSTEM,
      prompt: localizabilityPrompt(reasoning),
      samples,
      signal,
    });
    if (answer.kind === 'neither') return unscored(`the judge said neither yes nor no: "${answer.text}"`);
    const { probability, method, samples: drawn } = answer;
    return scored(probability, { method, ...(drawn !== undefined && { samples: drawn, approximate: true }) });
  } catch (error) {
    if (signal.aborted) throw error;
    return unscored(`the judge gave no answer: ${messageOf(error)}`, { temporary: isTemporary(error) });
  }
}

/**
 * The released plugin's formula with its faults: the judge reads the whole completion, only five alternative tokens
 * count, and the score is 0 if the judge fails.
 */
export function referenceLocalizability(judge: VisionModel, { system }: { readonly system: string }): Reward {
  const one = async (input: RewardInput, signal: AbortSignal): Promise<Score<RewardDetail>> => {
    if (input.image === undefined) return unscored('the row has no image for the judge');
    try {
      const [completion] = await judge.generate({
        image: input.image,
        system,
        prompt: input.completion,
        samples: 1,
        temperature: 0.6,
        maxTokens: 5,
        topLogprobs: 5,
        signal,
      });
      const mass = (words: readonly string[]): number =>
        (completion?.logprobs?.[0]?.top ?? []).reduce(
          (sum, { token, logprob }) => sum + (words.includes(token) ? Math.exp(logprob) : 0),
          0,
        );
      const yes = mass(['yes', 'Yes', 'YES']);
      return scored(yes / (yes + mass(['no', 'No', 'NO']) + 1e-19));
    } catch (error) {
      if (signal.aborted) throw error;
      return scored(0, { fault: `the judge failed, and the release scores that as 0: ${messageOf(error)}` });
    }
  };
  return {
    name: `localizability/reference/${judge.name}`,
    score: (batch, { signal }) => Promise.all(batch.map((input) => one(input, signal))),
  };
}
