/** An area of `npm run test:mutation`: the files to mutate, the tests of these files, and the minimum score. */
export type Area = {
  readonly name: string;
  readonly files: readonly string[];
  readonly tests: readonly string[];
  /** Minimum percentage of killed mutants. */
  readonly minScore: number;
};

export const AREAS: readonly Area[] = [
  {
    name: 'reward',
    files: ['src/reward/*.ts', 'src/vision/yes-no.ts', '!src/reward/*.test.ts', '!src/reward/service-reward.ts'],
    tests: ['src/reward/*.test.ts', 'src/vision/yes-no.test.ts'],
    minScore: 90,
  },
  {
    name: 'training/grpo',
    files: ['src/training/grpo/*.ts', '!src/training/grpo/*.test.ts'],
    tests: ['src/training/grpo/*.test.ts'],
    minScore: 90,
  },
  {
    name: 'locator vote',
    files: ['src/locator/vote.ts', 'src/locator/ballot.ts'],
    tests: ['src/locator/vote.test.ts', 'src/locator/ballot.test.ts'],
    minScore: 80,
  },
  {
    name: 'core/statistics',
    files: ['src/core/statistics/*.ts', '!src/core/statistics/*.test.ts'],
    tests: ['src/core/statistics/*.test.ts'],
    minScore: 80,
  },
  {
    name: 'evaluation',
    files: ['metrics', 'outcome', 'outcome-meter', 'read-outcome', 'breakdown'].map(
      (name) => `src/evaluation/${name}.ts`,
    ),
    tests: ['src/evaluation/*.test.ts'],
    minScore: 80,
  },
];
