/** Everything a command sees of the outside: stdout is the result, stderr is progress. */
export interface Io {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Colour and live progress on this stream. */
  readonly colour: { readonly out: boolean; readonly err: boolean };
  readonly width: number;
  readonly live: boolean;
  out(text: string): void;
  err(text: string): void;
}

/** The process's own streams; colour only on a terminal and without `NO_COLOR`. */
export function processIo(): Io {
  const { stdout, stderr, env } = process;
  const plain = Boolean(env.NO_COLOR) || env.TERM === 'dumb';
  return {
    cwd: process.cwd(),
    env,
    colour: { out: stdout.isTTY === true && !plain, err: stderr.isTTY === true && !plain },
    width: stdout.columns || 100,
    live: stderr.isTTY === true && !plain,
    out: (text) => stdout.write(`${text}\n`),
    err: (text) => stderr.write(`${text}\n`),
  };
}
