import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const script = fileURLToPath(new URL('../gpu/accept.mjs', import.meta.url));

it('goes through all that `accept:gpu` does, on the processor', () => {
  const args = [script, '--device', 'cpu', '--method', 'simclr'];
  const { stdout, status } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  const rows = stdout
    .trim()
    .split('\n')
    .map((line) => line.split('\t'));
  const found = (what: string) => rows.filter(([, name = '']) => name.startsWith(what));
  expect(rows.filter(([state]) => state === 'FAILED')).toEqual([]);
  expect(found('two runs, equal bytes')).toEqual([['ok', expect.any(String), '1 of 1 methods']]);
  expect(found('three steps')).toHaveLength(2);
  const speeds = [...found('ResNet-50'), ...found('ViT-S/8')];
  // Two networks in three kinds of arithmetic, with XLA and without.
  expect(speeds.filter(([, name = '']) => !name.endsWith('PyTorch'))).toHaveLength(12);
  for (const [, , speed] of speeds) expect(speed).toMatch(/ images\/s, .* ms a step, .* MB$/);
  expect(status).toBe(0);
});
