/** One finding of `globe doctor`. */
export type Check = {
  readonly name: string;
  /** 'absent' means that something optional is not installed or not set. */
  readonly status: 'ok' | 'absent' | 'problem';
  readonly detail: string;
  /** How to resolve the finding. */
  readonly fix?: string;
};
