/** One finding of `globe doctor`. */
export type Check = {
  readonly name: string;
  /** 'absent' marks something optional that is not there. */
  readonly status: 'ok' | 'absent' | 'problem';
  readonly detail: string;
  /** How to resolve the finding. */
  readonly fix?: string;
};
