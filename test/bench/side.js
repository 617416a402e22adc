import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { withHugePages } from '../../dist/execute/local/huge-pages.js';

/** The environment in which a worker of `ssp run` trains. */
export const asWorker = {
  ...process.env,
  GLIBC_TUNABLES: withHugePages(process.env.GLIBC_TUNABLES),
};

/** One side of a comparison: a program of this folder as a process that answers a line with a line. */
export function side(command, script, config, env = process.env) {
  const file = fileURLToPath(new URL(script, import.meta.url));
  const child = spawn(command, [file, JSON.stringify(config)], {
    env,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (text) => {
    said = (said + text).slice(-4000);
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`${script} ended early:\n${said}`);
    return JSON.parse(value);
  };
  return {
    ready: answer,
    ask: (line) => {
      child.stdin.write(`${line}\n`);
      return answer();
    },
    end: () => child.stdin.end(),
    kill: () => child.kill(),
  };
}
