/** One token's loss with its derivatives: see policy-loss.ts. */

export type Term = {
  readonly value: number;
  /** Derivative by the token's own log-probability. */
  readonly token: number;
  /** Derivative by the mean log-ratio of its sequence. */
  readonly sequence: number;
};

/** The term times a constant. */
export function times(term: Term, factor: number): Term {
  return { value: term.value * factor, token: term.token * factor, sequence: term.sequence * factor };
}
