/**
 * Configuration of `npm run test:package`, which tests the packed package as users get it. It is not part of `npm
 * test`, because it installs packages from the registry.
 */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/package/**/*.test.ts'],
    globalSetup: ['test/package/install.ts'],
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 900_000,
  },
});
