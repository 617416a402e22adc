/** What stands behind `@`, as editors explain it. */
export const annotationDocs: Readonly<
  Record<string, { readonly example: string; readonly doc: string }>
> = {
  gpu: { example: '@gpu(1)', doc: 'GPUs that each point of the stage gets. Never in its key.' },
  memory: {
    example: '@memory(16GiB)',
    doc: 'Memory that room is kept for at each point; a limit through Slurm alone. Never in its key.',
  },
  cpus: { example: '@cpus(4)', doc: 'Processors that each point needs. Never in its key.' },
  timeout: { example: '@timeout(12h)', doc: 'A point that takes longer fails. Never in its key.' },
  retries: { example: '@retries(2)', doc: 'How often a failed point is tried again.' },
  stop_on_collapse: {
    example: '@stop_on_collapse(1)',
    doc: 'A training that shows a known sign of collapse in so many epochs in a row fails. Never in its key.',
  },
  halving: {
    example: '@halving(by: probe.validation, over: trial, factor: 3)',
    doc: 'After each epoch that the training keeps, the best third of the points along `trial` go on. Never in a key.',
  },
  version: {
    example: '@version(1)',
    doc: 'Of an `extern`: raise it when results change. In the key.',
  },
};
