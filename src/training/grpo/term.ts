/** One token's loss with its derivatives: see policy-loss.ts. */

export type Term = {
  readonly value: number;
  /** By the token's own log-probability. */
  readonly token: number;
  /** By the mean log-ratio of its sequence. */
  readonly sequence: number;
};

/** The term times a constant. */
export function times(term: Term, factor: number): Term {
  return { value: term.value * factor, token: term.token * factor, sequence: term.sequence * factor };
}
