/** One area of `npm run test:mutation`; scripts/check/mutation.ts sets the three variables. */
export default {
  testRunner: 'vitest',
  vitest: { configFile: 'scripts/check/vitest.mutation.config.ts', related: false },
  plugins: ['@stryker-mutator/vitest-runner'],
  mutate: JSON.parse(process.env['MUTATION_FILES'] ?? '[]'),
  // The words of reasons and messages may change without a change of behaviour.
  mutator: { excludedMutations: ['StringLiteral'] },
  coverageAnalysis: 'perTest',
  // A mutant in a module's top level would run every test of the area.
  ignoreStatic: true,
  concurrency: Number(process.env['MUTATION_CONCURRENCY'] ?? 1),
  disableTypeChecks: true,
  // Stryker rewrites this file by an interface that TypeScript 7 lacks; no file has this name, so it leaves all as they are.
  tsconfigFile: 'tsconfig.none.json',
  ignorePatterns: ['bench', 'dist', 'docs', 'examples', 'models', 'recipes', 'results', 'runs', 'shared'],
  reporters: ['json', 'progress-append-only'],
  jsonReporter: { fileName: process.env['MUTATION_REPORT'] ?? 'build/mutation.json' },
  tempDirName: 'build/mutation-sandbox',
  timeoutMS: 20_000,
};
