import { spawn } from 'node:child_process';
import type { Environment } from './environment.js';

/** How a program ended; `code` is 127 when it does not exist, 128 when a signal ended it. */
export interface ToolResult {
  readonly code: number;
  /** Name of the signal that ended it. */
  readonly signal: string | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program without a shell and waits for it; a failure is a result, not an exception.
 * @throws the signal's reason when aborted, after the program was told to end.
 */
export function runTool(
  command: string,
  args: readonly string[],
  options: { env?: Environment; signal?: AbortSignal | undefined } = {},
): Promise<ToolResult> {
  const { signal } = options;
  return new Promise((done, fail) => {
    signal?.throwIfAborted();
    const child = spawn(command, args, {
      env: { ...(options.env ?? process.env) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const stop = () => child.kill();
    signal?.addEventListener('abort', stop, { once: true });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const end = (code: number, by: string | undefined) => {
      signal?.removeEventListener('abort', stop);
      if (signal?.aborted) fail(signal.reason);
      else done({ code, signal: by, stdout, stderr });
    };
    child.on('error', (error) => {
      stderr += error.message;
      end(127, undefined);
    });
    child.on('close', (code, by) => end(code ?? 128, by ?? undefined));
  });
}

/** The last line of a program's output that says something, for one-line messages. */
export function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1)?.trim() ?? '';
}
