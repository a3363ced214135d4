/**
 * Computes log-probabilities, which the library does not return, from the logits of each step. The recorder is passed
 * to the library as a logits processor. It does not change the logits, and keeps only the most likely tokens of each
 * step.
 */
import type { TokenLogprob } from '../vision-model.ts';

/** The logits of one step, already divided by the temperature, with shape `[1, vocabulary]`. */
type Logits = { readonly data: ArrayLike<number> };

type Step = {
  readonly logNormalizer: number;
  readonly top: readonly { readonly id: number; readonly logit: number }[];
  readonly logits: Float32Array;
};

export type LogprobRecorder = {
  /** The logits processor for the library. It returns the logits unchanged. */
  readonly process: <T extends Logits>(inputIds: bigint[][], logits: T) => T;
  /** Returns the log-probability of each generated token, with its alternatives. */
  readonly read: (ids: readonly number[], decode: (id: number) => string) => TokenLogprob[];
};

/**
 * Creates a recorder. The library divides the logits by `temperature`. The recorder multiplies the logits by
 * `temperature` again, so that it records the model's own probabilities.
 */
export function logprobRecorder({ top, temperature }: { top: number; temperature: number }): LogprobRecorder {
  const scale = temperature > 0 ? temperature : 1;
  const chosen: number[] = [];
  const steps: Omit<Step, 'logits'>[] = [];
  let last: Step | undefined;
  const settle = (id: number): void => {
    if (last === undefined) return;
    chosen.push(last.logits[id]! - last.logNormalizer);
    steps.push({ logNormalizer: last.logNormalizer, top: last.top });
    last = undefined;
  };
  return {
    process: (inputIds, logits) => {
      // The token that the previous step chose is known only now.
      const previous = inputIds[0]?.at(-1);
      if (previous !== undefined) settle(Number(previous));
      const raw = Float32Array.from(logits.data, (logit) => logit * scale);
      last = { logits: raw, logNormalizer: logSumExp(raw), top: largest(raw, top) };
      return logits;
    },
    read: (ids, decode) => {
      settle(ids.at(-1) ?? 0);
      return ids.slice(0, steps.length).map((id, i) => ({
        token: decode(id),
        logprob: chosen[i]!,
        top: steps[i]!.top.map((candidate) => ({
          token: decode(candidate.id),
          logprob: candidate.logit - steps[i]!.logNormalizer,
        })),
      }));
    },
  };
}

function logSumExp(logits: Float32Array): number {
  const max = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  return max + Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - max), 0));
}

/** Returns the `count` largest logits in descending order, in one pass with a short sorted list. */
function largest(logits: Float32Array, count: number): { id: number; logit: number }[] {
  const top: { id: number; logit: number }[] = [];
  for (const [id, logit] of logits.entries()) {
    if (top.length === count && logit <= (top.at(-1)?.logit ?? Infinity)) continue;
    const at = top.findIndex((other) => other.logit < logit);
    top.splice(at === -1 ? top.length : at, 0, { id, logit });
    if (top.length > count) top.pop();
  }
  return top;
}
