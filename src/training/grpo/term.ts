/** One token's loss with its derivatives, which policy-loss.ts explains. */

export type Term = {
  readonly value: number;
  /** Derivative with respect to the token's own log-probability. */
  readonly token: number;
  /** Derivative with respect to the mean log-ratio of the token's sequence. */
  readonly sequence: number;
};

/** The term times a constant. */
export function times(term: Term, factor: number): Term {
  return { value: term.value * factor, token: term.token * factor, sequence: term.sequence * factor };
}
