import { defineConfig } from 'vitest/config';

/** What is written for TensorBoard, read by it: `PYTHON_TENSORBOARD` names a Python that has it, else one is made. */
export default defineConfig({
  test: {
    include: ['test/tensorboard/**/*.test.ts'],
    globalSetup: 'test/support/global-setup.ts',
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 600_000,
  },
});
