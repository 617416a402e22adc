import { UsageError } from '../base/errors.js';
import type { Io } from './io.js';

/** A command as data: `main.ts` parses the words, prints the help and runs it. */
export interface Command<O extends readonly Option[] = readonly Option[]> {
  readonly name: string;
  readonly summary: string;
  /** As in `<file>` or `<file> <stage>`. */
  readonly arguments: readonly { readonly name: string; readonly about: string }[];
  readonly options: O;
  /** What to do instead of options that people try and that are none. */
  readonly instead?: Readonly<Record<string, string>>;
  readonly examples: readonly string[];
  /** Returns the exit code. Throws SspError or UsageError for what `main.ts` prints. */
  run(io: Io, args: readonly string[], options: OptionsOf<O>): Promise<number>;
}

/** A command whose `run` knows the options that it declares, and no others. */
export const command = <const O extends readonly Option[]>(declared: Command<O>): Command<O> =>
  declared;

export interface Option {
  /** As commander writes it: `--jobs <n>`, `--json`, `-o, --out <folder>`. */
  readonly flags: string;
  readonly about: string;
  readonly repeated?: boolean;
}

/** What is given of some options, by their names: `keepGoing` for `--keep-going`. */
export type OptionsOf<O extends readonly Option[]> = {
  readonly [P in O[number] as NameOf<P['flags']>]?: ValueOf<P> | undefined;
};

/** Text for an option with a value, every text of one that may be repeated, true for a switch. */
type ValueOf<O extends Option> = O extends { readonly repeated: true }
  ? readonly string[]
  : O['flags'] extends `${string}<${string}`
    ? string
    : true;

type NameOf<Flags extends string> = Flags extends `${string}--${infer Long}`
  ? CamelCase<Long extends `${infer Name} ${string}` ? Name : Long>
  : never;

type CamelCase<Name extends string> = Name extends `${infer First}-${infer Rest}`
  ? `${First}${Capitalize<CamelCase<Rest>>}`
  : Name;

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
  executor: {
    flags: '--executor <name>',
    about: 'where stages run: local (default), slurm or allocation',
  },
  eager: {
    flags: '--eager',
    about: 'train op by op, not as one graph: slow, to find errors; such results have own keys',
  },
  tensorboard: {
    flags: '--tensorboard <folder>',
    about: 'write the numbers of trainings for TensorBoard',
  },
  points: {
    flags: '--points <n>',
    about: 'allow up to n points in one stage (default: 10000)',
  },
} as const satisfies Readonly<Record<string, Option>>;

/** Which experiment a command is about, and whose results. */
export const experiment = [
  common.set,
  common.store,
  common.points,
  common.gpus,
  common.executor,
  common.eager,
] as const;

/** Of the shared options those that a command takes. */
export type Options = OptionsOf<readonly (typeof common)[keyof typeof common][]>;

/** Throws a UsageError for what is no key of a stage. */
export function checkKey(text: string): void {
  if (!/^[0-9a-f]{64}$/.test(text)) {
    throw new UsageError(`\`${text}\` is no key`, 'a key has 64 hexadecimal digits');
  }
}
