/** Chooses tokens from a distribution. The functions are pure: the caller passes a random number in [0, 1). */

export type Filter = {
  /**
   * Nucleus sampling: keeps the smallest set of most likely tokens whose total probability reaches topP. 1 keeps all
   * tokens.
   */
  readonly topP: number;
  /** Keeps the topK most likely tokens. Infinity keeps all tokens. */
  readonly topK: number;
};

/** Returns the most likely token. If several tokens are equally likely, returns the smallest id. */
export function mostLikely(probabilities: Float32Array): number {
  let best = 0;
  for (let id = 1; id < probabilities.length; id++) if (probabilities[id]! > probabilities[best]!) best = id;
  return best;
}

/**
 * Draws a token from the filtered distribution by inverse transform sampling. `uniform` is a random number in [0, 1).
 */
export function chooseToken(probabilities: Float32Array, { topP, topK }: Filter, uniform: number): number {
  if (topP >= 1 && topK >= probabilities.length) return atMass(probabilities, uniform);
  const kept = nucleus(probabilities, { topP, topK });
  const total = kept.reduce((sum, id) => sum + probabilities[id]!, 0);
  let left = uniform * total;
  for (const id of kept) {
    left -= probabilities[id]!;
    if (left < 0) return id;
  }
  return kept.at(-1)!;
}

function atMass(probabilities: Float32Array, uniform: number): number {
  let left = uniform;
  let last = 0;
  for (let id = 0; id < probabilities.length; id++) {
    const probability = probabilities[id]!;
    if (probability === 0) continue;
    last = id;
    left -= probability;
    if (left < 0) return id;
  }
  // Float32 probabilities can sum to slightly less than 1. If `uniform` is above the sum, returns the last token.
  return last;
}

/** Returns the tokens that pass both top-k and top-p, most likely first. */
export function nucleus(probabilities: Float32Array, { topP, topK }: Filter): number[] {
  // The tokens at or below `floor` have a total probability of at most 1 - topP, so the nucleus never contains them.
  const floor = topP < 1 ? (1 - topP) / probabilities.length : 0;
  const candidates: number[] = [];
  for (let id = 0; id < probabilities.length; id++) if (probabilities[id]! > floor) candidates.push(id);
  if (candidates.length === 0) return [mostLikely(probabilities)];
  candidates.sort((a, b) => probabilities[b]! - probabilities[a]! || a - b);
  const first = candidates.slice(0, topK);
  let mass = 0;
  const end = first.findIndex((id) => (mass += probabilities[id]!) >= topP);
  return end < 0 ? first : first.slice(0, end + 1);
}

/** Returns the `count` (at least 1) tokens with the highest log-probabilities, most likely first. */
export function mostLikelyTokens(logprobs: Float32Array, count: number): { token: number; logprob: number }[] {
  const best: { token: number; logprob: number }[] = [];
  for (let token = 0; token < logprobs.length; token++) {
    const logprob = logprobs[token]!;
    if (best.length >= count && logprob <= best.at(-1)!.logprob) continue;
    let at = best.length;
    while (at > 0 && best[at - 1]!.logprob < logprob) at -= 1;
    best.splice(at, 0, { token, logprob });
    if (best.length > count) best.pop();
  }
  return best;
}
