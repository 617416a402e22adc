import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runtimeFolder } from '../../src/runtime/locate.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'ssp-package-'));
const project = join(folder, 'project');

/** As a stranger: nothing of this checkout's npm in the environment, this Node first. */
const env: NodeJS.ProcessEnv = {
  ...Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(npm_|INIT_CWD|NODE_PATH)/i.test(name)),
  ),
  PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
  npm_config_prefix: join(folder, 'prefix'),
  NO_COLOR: '1',
};
const does = promisify(execFile);
const here = (command: string, ...args: string[]) => does(command, args, { cwd: project, env });
let installed: { stdout: string; stderr: string };

beforeAll(async () => {
  mkdirSync(project);
  mkdirSync(join(folder, 'prefix/lib'), { recursive: true });
  writeFileSync(join(project, 'package.json'), '{}');
  // The build that `dist` points to is the package.
  const build = dirname(realpathSync(join(root, 'dist')));
  const { stdout } = await does('npm', ['pack', '--silent', '--pack-destination', folder], {
    cwd: build,
    env,
  });
  installed = await here('npm', 'install', join(folder, stdout.trim()));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('installs as any package does, without a complaint and without the package whose script downloads', () => {
  expect(installed.stderr).toBe('');
  expect(existsSync(join(project, 'node_modules/@tensorflow/tfjs-node-gpu'))).toBe(false);
});

it('says which version it is and what the machine can do', async () => {
  expect((await here('npx', 'ssp', '--version')).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  const { facts } = JSON.parse((await here('npx', 'ssp', 'doctor', '--json')).stdout);
  expect(facts).toContainEqual(expect.objectContaining({ id: 'tensorflow', value: '2.21.0' }));
});

it('builds the binding from what it carries', async () => {
  const cache = join(folder, 'cache');
  const { stdout } = await does('npx', ['ssp', 'setup'], {
    cwd: project,
    env: { ...env, SSP_CACHE: cache, SSP_TENSORFLOW: runtimeFolder() },
  });
  expect(stdout).toContain('ready');
  expect(readdirSync(cache)).toHaveLength(1);
});

it('trains one epoch of the quickstart, and hits it the second time', async () => {
  const words = ['--set', 'epochs=1', '--only', 'encoder[pairs: ap, views: crop]', '--json'];
  const outcomes = (text: string) =>
    JSON.parse(text).stages.map(({ outcome }: { outcome: string }) => outcome);
  const first = await here('npx', 'ssp', 'quickstart', ...words);
  expect(new Set(outcomes(first.stdout))).toEqual(new Set(['ran']));
  expect(existsSync(join(project, 'quickstart.ssp'))).toBe(true);
  const again = await here('npx', 'ssp', 'run', 'quickstart.ssp', ...words);
  expect(new Set(outcomes(again.stdout))).toEqual(new Set(['hit']));
});
