import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Minutes long: `npm run test:long`; with PyTorch: `npm run test:torch`; with LaTeX: `npm run test:latex`;
    // with servers of remotes: `npm run test:remotes`; through Slurm: `npm run test:slurm`; with
    // TensorBoard: `npm run test:tensorboard`.
    exclude: ['long', 'torch', 'latex', 'remotes', 'slurm', 'tensorboard'].map(
      (n) => `test/${n}/**`,
    ),
    globalSetup: 'test/support/global-setup.ts',
    // A native library cannot be loaded twice in one process, so each test file gets its own.
    pool: 'forks',
    // What is built runs as it is.
    server: { deps: { external: [/\/builds\/[0-9a-f]{16}\/dist\//] } },
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
