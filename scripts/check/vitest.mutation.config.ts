/** The tests of one area of `npm run test:mutation`. Tests that take seconds a run are left out. */
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
