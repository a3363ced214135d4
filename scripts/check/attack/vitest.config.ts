import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['scripts/check/attack/*.attack.ts'],
    // Attacks measure time and memory, so they do not share the machine with each other.
    fileParallelism: false,
    testTimeout: 90 * 60_000,
    hookTimeout: 60_000,
  },
});
