import type { Command } from './command.js';

interface Entry {
  readonly summary: string;
  readonly load: () => Promise<Command>;
  /** Goes on for long: the server of an editor, a training. */
  readonly lasting?: true;
}

/** Each command is a file; only the one that is asked for is loaded. */
export const commands: Readonly<Record<string, Entry>> = {
  quickstart: {
    summary: 'write quickstart.ssp into this folder and run it',
    load: async () => (await import('./commands/quickstart.js')).quickstart,
  },
  check: {
    summary: 'print every mistake and warning of a file',
    load: async () => (await import('./commands/check.js')).check,
  },
  fmt: {
    summary: 'lay a file out canonically',
    load: async () => (await import('./commands/fmt.js')).fmt,
  },
  plan: {
    summary: 'say what would run, and why',
    load: async () => (await import('./commands/plan.js')).plan,
  },
  run: {
    summary: 'run what is needed, print the results',
    load: async () => (await import('./commands/run.js')).run,
  },
  show: {
    summary: 'print the results on hand',
    load: async () => (await import('./commands/show.js')).show,
  },
  report: {
    summary: 'write the results as a page, Markdown, CSV and JSON',
    load: async () => (await import('./commands/report.js')).report,
  },
  why: {
    summary: "print a stage's key record and its difference from the nearest other",
    load: async () => (await import('./commands/why.js')).why,
  },
  accept: {
    summary: 'say that a change does not matter: the result there was counts',
    load: async () => (await import('./commands/accept.js')).accept,
  },
  diff: {
    summary: 'say how two experiments differ, and their results',
    load: async () => (await import('./commands/diff.js')).diff,
  },
  trace: {
    summary: 'lead from a number to where it comes from',
    load: async () => (await import('./commands/trace.js')).trace,
  },
  log: {
    summary: 'list past runs of a file and how the numbers moved',
    load: async () => (await import('./commands/log.js')).log,
  },
  'export-encoder': {
    summary: 'write a trained encoder for PyTorch or NumPy',
    load: async () => (await import('./commands/export-encoder.js')).exportEncoder,
  },
  export: {
    summary: 'write a script for Slurm that needs no driver',
    load: async () => (await import('./commands/export.js')).exportTo,
  },
  push: {
    summary: "send a file's results to where others find them",
    load: async () => (await import('./commands/push.js')).push,
  },
  pull: {
    summary: 'bring the results of a file that somebody else has made',
    load: async () => (await import('./commands/pull.js')).pull,
  },
  bundle: {
    summary: 'write source, results and report as one file',
    load: async () => (await import('./commands/bundle.js')).bundle,
  },
  replay: {
    summary: 'repeat the step in which a training broke, op by op',
    load: async () => (await import('./commands/replay.js')).replay,
    lasting: true,
  },
  gc: {
    summary: 'say which results no file needs, and remove them',
    load: async () => (await import('./commands/gc.js')).gc,
  },
  verify: {
    summary: 'read the store through, and say what is not what was written',
    load: async () => (await import('./commands/verify.js')).verify,
  },
  new: {
    summary: 'write a commented starter file for a study',
    load: async () => (await import('./commands/new.js')).newStudy,
  },
  docs: {
    summary: 'show one stage or value of the standard library',
    load: async () => (await import('./commands/docs.js')).docs,
  },
  doctor: {
    summary: 'say what this machine can do, and what is wrong',
    load: async () => (await import('./commands/doctor.js')).doctor,
  },
  setup: {
    summary: 'fetch and build the TensorFlow runtime now',
    load: async () => (await import('./commands/setup.js')).setup,
  },
  lsp: {
    summary: 'be the language server of an editor',
    load: async () => (await import('./commands/lsp.js')).lsp,
    lasting: true,
  },
  'exec-stage': {
    summary: 'do the work of one stage, as the workers of `run` do',
    load: async () => (await import('./commands/exec-stage.js')).execStage,
    lasting: true,
  },
};
