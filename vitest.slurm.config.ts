import { defineConfig } from 'vitest/config';

/** Through a real Slurm on this machine, which is installed if it is not there; it needs root and Debian. */
export default defineConfig({
  test: {
    include: ['test/slurm/**/*.test.ts'],
    globalSetup: 'test/support/global-setup.ts',
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 3_600_000,
    hookTimeout: 900_000,
  },
});
