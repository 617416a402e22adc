import type { Advice, Diagnostic, Related, Severity } from './diagnostic.js';

/** Values that a message shows; names and texts go in back-quotes. */
export type Args = Readonly<Record<string, string | number>>;

/** One thing that a user can get wrong. */
export interface Code {
  readonly severity: Severity;
  /** What was found and what was expected: lower case, names in back-quotes. */
  readonly message: (args: Args) => string;
  /** Why it is one: Markdown, for the page that documents all. */
  readonly why: string;
}

/** A mistake: nothing runs. */
export const error = (message: Code['message'], why: string): Code => {
  return { severity: 'error', message, why };
};
/** Nothing is wrong, but something may be meant otherwise. */
export const warning = (message: Code['message'], why: string): Code => {
  return { severity: 'warning', message, why };
};

/** The most characters of a text of the user's that a message shows. */
const mostShown = 400;

/** The values without the rest of very long ones. */
export function clipped(args: Args): Args {
  const long = (value: string | number) => typeof value === 'string' && value.length > mostShown;
  if (!Object.values(args).some(long)) return args;
  return Object.fromEntries(
    Object.entries(args).map(([name, value]) => [
      name,
      long(value) ? `${String(value).slice(0, mostShown)}…` : value,
    ]),
  );
}

/** What a diagnostic says beside its message. */
export type More = Advice & {
  readonly related?: readonly Related[] | undefined;
  readonly cause?: string | undefined;
};

/** The parts that are there. */
export function given({ help, related, cause, fixes = [] }: More): Partial<Diagnostic> {
  return {
    ...(help === undefined ? {} : { help }),
    ...(related === undefined ? {} : { related }),
    ...(cause === undefined ? {} : { cause }),
    ...(fixes.length === 0 ? {} : { fixes }),
  };
}
