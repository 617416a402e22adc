import type { Io } from './io.js';

/** A command as data: `main.ts` parses the words, prints the help and runs it. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  /** As in `<file>` or `<file> <stage>`. */
  readonly arguments: readonly { readonly name: string; readonly about: string }[];
  readonly options: readonly Option[];
  readonly examples: readonly string[];
  /** Returns the exit code. Throws SspError or UsageError for what `main.ts` prints. */
  run(io: Io, args: readonly string[], options: Options): Promise<number>;
}

export interface Option {
  /** As commander writes it: `--jobs <n>`, `--json`, `-o, --out <folder>`. */
  readonly flags: string;
  readonly about: string;
  readonly repeated?: boolean;
}

/** Parsed options by camel-case name: text for one with a value, true for a switch. */
export type Options = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

/** Options that several commands share. */
export const common = {
  set: {
    flags: '--set <name=value>',
    about: 'give a param of the file a value; may be repeated',
    repeated: true,
  },
  store: {
    flags: '--store <folder>',
    about: 'where results are kept (default: $SSP_STORE or the .ssp of the project)',
  },
  json: { flags: '--json', about: 'print one JSON document' },
  gpus: { flags: '--gpus <ids>', about: 'run on these GPUs, as in 0,1 (default: the processor)' },
  eager: {
    flags: '--eager',
    about: 'train op by op, not as one graph: slow, to find errors; such results have own keys',
  },
  points: {
    flags: '--points <n>',
    about: 'allow up to n points in one stage (default: 10000)',
  },
} as const satisfies Readonly<Record<string, Option>>;
