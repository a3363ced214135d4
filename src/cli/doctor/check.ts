/** One finding of `globe doctor`. */
export type Check = {
  readonly name: string;
  /** 'absent' is no fault: something that can be used and is not there. */
  readonly status: 'ok' | 'absent' | 'problem';
  readonly detail: string;
  /** What to do about it. */
  readonly fix?: string;
};
