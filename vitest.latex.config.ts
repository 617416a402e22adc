import { defineConfig } from 'vitest/config';

/** What reports say to LaTeX, compiled by it: Debian's `texlive-latex-recommended`, `texlive-science`, `poppler-utils`. */
export default defineConfig({
  test: {
    include: ['test/latex/**/*.test.ts'],
    globalSetup: 'test/support/global-setup.ts',
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
