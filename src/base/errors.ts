/**
 * The world failed: a missing file, a full disk, a NaN loss. The message says what was found,
 * what was expected and what to do; it is printed alone, without a stack trace.
 */
export class SspError extends Error {
  /** Stable kebab-case code, for scripts and tests. */
  readonly code: string;
  /** What to do about it, one sentence. */
  readonly help: string | undefined;

  constructor(code: string, message: string, options: { help?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'SspError';
    this.code = code;
    this.help = options.help;
  }
}

/** Wrong use of the command line: exit code 2. */
export class UsageError extends SspError {
  constructor(message: string, help?: string) {
    super('usage', message, help === undefined ? {} : { help });
    this.name = 'UsageError';
  }
}

/** We have a bug: printed with a stack and exit code 70. */
export class Bug extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'Bug';
  }
}

/** Throws a {@link Bug} unless the condition holds. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Bug(message);
}

/** For the end of an exhaustive switch. */
export function unreachable(value: never): never {
  throw new Bug(`unexpected ${JSON.stringify(value)}`);
}

/** The `code` of a Node system error (`ENOENT`, `ENOSPC` …), if it is one. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;
}
