import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

export interface Finished {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the built `ssp` as a user would, in a folder, without a terminal. */
export function ssp(
  cwd: string,
  args: readonly string[],
  options: {
    readonly env?: Readonly<Record<string, string>>;
    /** Called with everything that was written to stderr so far, whenever more comes. */
    readonly onErr?: (err: string, kill: (signal: NodeJS.Signals) => void) => void;
  } = {},
): Promise<Finished> {
  const child = spawn(process.execPath, [main, ...args], {
    cwd,
    env: { ...process.env, NO_COLOR: '1', SSP_STORE: '', ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
    options.onErr?.(err, (signal) => child.kill(signal));
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out, err }));
  });
}
