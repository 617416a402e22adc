import { defineConfig } from 'vitest/config';

/** Checks that take minutes: the quickstart at reduced size, from a clean store to a page. */
export default defineConfig({
  test: {
    include: ['test/long/**/*.test.ts'],
    globalSetup: 'test/support/global-setup.ts',
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 900_000,
    hookTimeout: 900_000,
  },
});
