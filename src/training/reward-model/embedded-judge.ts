/**
 * Wraps a trained reward model as a VisionModel, so that it can serve as a judge. The judge answers with one token,
 * "yes" or "no", and the log-probabilities of both tokens. Concurrent requests share a forward pass. The judge accepts
 * only the localizability prompt and rejects all other prompts.
 */
import { defined } from '../../core/defined.ts';
import { GlobeError } from '../../core/errors.ts';
import { reasoningAsked } from '../../prompts/localizability-prompt.ts';
import type { Completion, GenerateRequest, VisionModel } from '../../vision/vision-model.ts';
import { calibrated } from './calibration.ts';
import { loadRewardModel } from './checkpoint.ts';
import { type PairInput, PairModel } from './pair-model.ts';

export type EmbeddedJudge = VisionModel & {
  /** Returns P(yes) of each pair, in order. */
  probabilities(pairs: readonly PairInput[]): Promise<number[]>;
  dispose(): Promise<void>;
};

/** Opens the reward model in the folder of the model name `nano:FOLDER`. */
export async function openEmbeddedJudge(
  folder: string,
  { threads }: { readonly threads?: number } = {},
): Promise<EmbeddedJudge> {
  const { config, calibration, parameters } = await loadRewardModel(folder);
  const model = new PairModel({ config, parameters, ...defined({ threads }) });
  const probabilities = async (pairs: readonly PairInput[]): Promise<number[]> =>
    (await model.logits(pairs)).map((logit) => calibrated(calibration, logit));
  const ask = batched(probabilities);
  return {
    name: `nano:${folder}`,
    probabilities,
    generate: async (request) => {
      request.signal.throwIfAborted();
      const completion = completionOf(await ask(pairOf(request, folder)));
      return Array.from({ length: request.samples }, () => completion);
    },
    dispose: () => model.dispose(),
  };
}

function pairOf({ image, prompt }: GenerateRequest, folder: string): PairInput {
  const reasoning = reasoningAsked(prompt);
  if (image !== undefined && reasoning !== undefined) return { image, reasoning };
  throw new GlobeError({
    code: 'invalid-input',
    message: `nano:${folder} is a reward model: it answers only the localizability question about an image.`,
    hint: 'Set the reward mode to "paper" or "distance", or use a language model for other questions.',
  });
}

function completionOf(yes: number): Completion {
  const top = [
    { token: 'yes', logprob: Math.log(yes) },
    { token: 'no', logprob: Math.log(1 - yes) },
  ].toSorted((a, b) => b.logprob - a.logprob);
  return { text: top[0]!.token, finishReason: 'stop', logprobs: [{ ...top[0]!, top }] };
}

/**
 * Answers questions in batches. The first batch contains the questions that arrive in the same turn of the event loop.
 * Every later batch contains the questions that arrived while the previous batch was computed.
 */
function batched<Q, A>(answer: (questions: readonly Q[]) => Promise<A[]>): (question: Q) => Promise<A> {
  type Waiting = { question: Q; resolve: (answer: A) => void; reject: (error: unknown) => void };
  let waiting: Waiting[] = [];
  let running = false;
  const run = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      try {
        const answers = await answer(batch.map(({ question }) => question));
        for (const [i, { resolve }] of batch.entries()) resolve(answers[i]!);
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    running = false;
  };
  return (question) =>
    new Promise((resolve, reject) => {
      waiting.push({ question, resolve, reject });
      if (running) return;
      running = true;
      setImmediate(() => void run());
    });
}
