/** The interface of an attack, which `main.ts` runs. An attack has parts, so that a long run can be resumed. */

export type Size = 'short' | 'full';

export type Attack = {
  /** Name on the command line: `npm run test:attack -- NAME`. */
  readonly name: string;
  /** Plural noun for the cases of this attack, such as "requests". */
  readonly unit: string;
  readonly parts: (size: Size) => readonly Part[] | Promise<readonly Part[]>;
};

export type Part = {
  /** Name of the part, which stays the same between runs of the same size. */
  readonly name: string;
  /** Number of cases, such as requests. */
  readonly cases: number;
  readonly run: (tools: Tools) => Promise<Outcome>;
};

export type Tools = {
  /** A folder for all parts of the attack; it is deleted when the attack ends. */
  readonly scratch: string;
  /** Reports the number of cases that the part has finished. */
  readonly onProgress: (done: number) => void;
};

export type Outcome = {
  /** Describes each case that did not end as expected. */
  readonly failures: readonly string[];
  /**
   * Measured values, by name. They cannot fail the attack. The summary has their number, median, 99th percentile and
   * maximum.
   */
  readonly measured?: Readonly<Record<string, readonly number[]>>;
  /** Number of cases by kind of outcome. */
  readonly counts?: Readonly<Record<string, number>>;
};
