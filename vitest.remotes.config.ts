import { defineConfig } from 'vitest/config';

/** Sharing with real servers: moto's of S3 (`PYTHON_MOTO` names a Python that has it, else one is made), nginx, sshd. */
export default defineConfig({
  test: {
    include: ['test/remotes/**/*.test.ts'],
    globalSetup: 'test/support/global-setup.ts',
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 300_000,
  },
});
