import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** PYTHON_TORCH, or a Python in a scratch folder that can import `modules`; the first call makes it of `packages`. */
export function pythonWith(folder, modules, packages) {
  if (process.env.PYTHON_TORCH) return process.env.PYTHON_TORCH;
  const place = join(tmpdir(), folder);
  const python = join(place, 'bin', 'python');
  const run = (command, args) => {
    const { status } = spawnSync(command, args, { stdio: 'inherit' });
    if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed`);
  };
  if (!existsSync(python)) run('python3', ['-m', 'venv', place]);
  if (spawnSync(python, ['-c', `import ${modules.join(', ')}`]).status !== 0) {
    run(python, ['-m', 'pip', 'install', '--quiet', ...packages]);
  }
  return python;
}
