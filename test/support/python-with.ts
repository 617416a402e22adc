import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A Python that has these packages: made in a scratch folder that stays, or the one that a variable
 * of the environment names.
 */
export function pythonWith(packages: readonly string[], variable: string): string {
  const given = process.env[variable];
  if (given !== undefined) return given;
  const name = createHash('sha256').update(packages.join()).digest('hex').slice(0, 12);
  const folder = join(tmpdir(), `ssp-python-${name}`);
  const python = join(folder, 'bin', 'python');
  if (!existsSync(python)) must('python3', ['-m', 'venv', folder]);
  must(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages]);
  return python;
}

function must(command: string, args: readonly string[]): void {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (status === 0) return;
  throw new Error(`${command} ${args.join(' ')}: ${error?.message ?? stderr}`);
}
