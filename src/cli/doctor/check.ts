/** One result of `globe doctor`. */
export type Check = {
  readonly name: string;
  /** 'absent' means that an optional component is not installed or not set. */
  readonly status: 'ok' | 'absent' | 'problem';
  readonly detail: string;
  /** How to fix the problem. */
  readonly fix?: string;
};
