/** The loss of one token with its two derivatives. The header of policy-loss.ts explains the derivatives. */

export type Term = {
  readonly value: number;
  /** Derivative with respect to the token's own log-probability. */
  readonly token: number;
  /** Derivative with respect to the mean log-ratio of the token's sequence. */
  readonly sequence: number;
};

/** Multiplies a term by a constant. */
export function times(term: Term, factor: number): Term {
  return { value: term.value * factor, token: term.token * factor, sequence: term.sequence * factor };
}
