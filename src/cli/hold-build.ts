import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemCode } from '../base/errors.js';
import { startOf } from '../execute/processes/process-start.js';

/** A mark of another machine that is so old is no sign of life any more. Milliseconds. */
const FORGOTTEN = 60 * 86_400_000;

/**
 * Says that this process runs from its build of a checkout (`builds/ID/`), so that no later build
 * removes it. Nothing to say in an installation, nor where nothing may be written.
 */
export function holdBuild(): void {
  const build = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
  if (basename(dirname(build)) !== 'builds') return;
  const mark = join(build, 'held', `${process.pid}@${hostname()}`);
  try {
    mkdirSync(dirname(mark), { recursive: true });
    writeFileSync(mark, startOf(process.pid) ?? '');
  } catch {
    return;
  }
  process.once('exit', () => rmSync(mark, { force: true }));
}

/**
 * Keeps the build of a checkout for jobs of a cluster, which may start from it long after this process; but for
 * a checkout of somebody else, in which nothing may be written.
 */
export function holdBuildForJobs(): void {
  const build = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
  if (basename(dirname(build)) !== 'builds') return;
  const mark = join(build, 'held', 'jobs@cluster');
  try {
    mkdirSync(dirname(mark), { recursive: true });
    writeFileSync(mark, '');
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
  }
}

/** Does a process that lives, as far as can be seen from here, run from a build? */
export function isHeld(build: string): boolean {
  const held = join(build, 'held');
  return namesIn(held).some((name) => {
    const [pid, host] = name.split('@');
    const mark = join(held, name);
    if (host !== hostname()) return Date.now() - statSync(mark).mtimeMs < FORGOTTEN;
    return startOf(Number(pid)) === readFileSync(mark, 'utf8');
  });
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
