/** Chooses tokens from a distribution. The functions are pure: the caller passes a random number in [0, 1). */

export type Filter = {
  /** Keeps the fewest most likely tokens whose total probability reaches this number. 1 keeps all tokens. */
  readonly topP: number;
  /** Keeps this number of most likely tokens. Infinity keeps all tokens. */
  readonly topK: number;
};

/** Returns the most likely token, and the smallest id if several tokens are equally likely. */
export function mostLikely(probabilities: Float32Array): number {
  let best = 0;
  for (let id = 1; id < probabilities.length; id++) if (probabilities[id]! > probabilities[best]!) best = id;
  return best;
}

/** Draws a token by inverse transform sampling from the filtered distribution; `uniform` is in [0, 1). */
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
  // Float32 probabilities can sum to slightly less than 1. If `uniform` is above their sum, the last token is chosen.
  return last;
}

/** Returns the tokens that pass top-k and then top-p, most likely first. */
export function nucleus(probabilities: Float32Array, { topP, topK }: Filter): number[] {
  // All tokens at or below `floor` together have a probability of at most 1 - topP, so the nucleus never needs them.
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
