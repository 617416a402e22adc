import { defineConfig } from 'vitest/config';

/** The bridge to PyTorch, with PyTorch itself: `PYTHON_TORCH` names a Python that has it, else one is made. */
export default defineConfig({
  test: {
    include: ['test/torch/**/*.test.ts'],
    globalSetup: 'test/support/global-setup.ts',
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 900_000,
  },
});
