/** Runs the tests of one area of `npm run test:mutation`, except slow tests. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: process.cwd(),
  test: {
    include: JSON.parse(process.env['MUTATION_TESTS'] ?? '[]') as string[],
    exclude: ['**/adversarial.test.ts', '**/*.fixture.test.ts', '**/resamples.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
