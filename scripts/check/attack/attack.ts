/**
 * The interface of an attack. main.ts runs attacks. An attack is divided into parts, so that a long run can resume.
 */

export type Size = 'short' | 'full';

export type Attack = {
  /** Name on the command line: `npm run test:attack -- NAME`. */
  readonly name: string;
  /** Plural noun for the cases of this attack, such as "requests". */
  readonly unit: string;
  readonly parts: (size: Size) => readonly Part[] | Promise<readonly Part[]>;
};

export type Part = {
  /** Name of the part. It must be the same in all runs of the same size. */
  readonly name: string;
  /** Number of cases, such as requests. */
  readonly cases: number;
  readonly run: (tools: Tools) => Promise<Outcome>;
};

export type Tools = {
  /** A folder for all parts of the attack. It is deleted when the attack ends. */
  readonly scratch: string;
  /** Reports the number of cases that the part has finished. */
  readonly onProgress: (done: number) => void;
};

export type Outcome = {
  /** Describes each case that did not end as expected. */
  readonly failures: readonly string[];
  /**
   * Measured values, by name. They cannot make the attack fail. The summary has their number, median, 99th percentile
   * and maximum.
   */
  readonly measured?: Readonly<Record<string, readonly number[]>>;
  /** Number of cases by kind of outcome. */
  readonly counts?: Readonly<Record<string, number>>;
};
