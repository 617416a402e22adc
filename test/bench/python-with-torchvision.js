import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const packages = ['torch==2.13.0', 'torchvision==0.28.0', 'pillow==13.0.0', 'numpy'];

/** PYTHON_TORCH, or a Python in a scratch folder that has torchvision; the first call makes it. */
export function pythonWithTorchvision() {
  if (process.env.PYTHON_TORCH) return process.env.PYTHON_TORCH;
  const place = join(tmpdir(), 'ssp-bench-torchvision');
  const python = join(place, 'bin', 'python');
  const run = (command, args) => {
    const { status } = spawnSync(command, args, { stdio: 'inherit' });
    if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed`);
  };
  if (!existsSync(python)) run('python3', ['-m', 'venv', place]);
  if (spawnSync(python, ['-c', 'import torch, torchvision, numpy']).status !== 0) {
    run(python, ['-m', 'pip', 'install', '--quiet', ...packages]);
  }
  return python;
}
