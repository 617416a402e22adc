import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { temporaryFolder } from './support/temporary-folder.js';

const root = fileURLToPath(new URL('..', import.meta.url));

/** A program that reads its code and its files late. */
const program = `import { readFileSync } from 'node:fs';
import { holdBuild } from './hold-build.js';

holdBuild();
process.stdin.once('data', async () => {
  const { late } = await import('./late.js');
  console.log(late, readFileSync(new URL('../../stdlib/all.ssp', import.meta.url), 'utf8'));
  process.exit();
});
console.log('up');
`;

/** A checkout with little in it. */
function checkout() {
  const at = temporaryFolder();
  for (const path of [
    'build.mjs',
    'tsconfig.json',
    'package.json',
    'package-lock.json',
    'src/cli/hold-build.ts',
    'src/execute/processes/process-start.ts',
    'src/base/errors.ts',
  ]) {
    cpSync(join(root, path), join(at, path));
  }
  for (const path of ['stdlib', 'grammar', 'pipelines', 'src/runtime']) {
    mkdirSync(join(at, path), { recursive: true });
  }
  // What makes a build quick to start is left out.
  for (const path of [
    'LICENSE',
    'README.md',
    'src/cli/ssp.js',
    'src/runtime/vendor.ts',
    'join.mjs',
  ]) {
    writeFileSync(join(at, path), '');
  }
  writeFileSync(join(at, 'src/cli/main.ts'), program);
  symlinkSync(join(root, 'node_modules'), join(at, 'node_modules'));
  return {
    at,
    write: (text: string) => {
      writeFileSync(join(at, 'src/cli/late.ts'), `export const late = '${text}';\n`);
      writeFileSync(join(at, 'stdlib/all.ssp'), text);
    },
    build: () => promisify(execFile)(process.execPath, [join(at, 'build.mjs')]),
    current: () => dirname(realpathSync(join(at, 'dist'))),
  };
}

/** The program at work; \`end\` lets it read what it reads late, and gives that. */
async function started(at: string) {
  const child = spawn(process.execPath, [join(at, 'dist/cli/main.js')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let out = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  await once(child.stdout, 'data');
  return async () => {
    child.stdin.write('go\n');
    await once(child, 'close');
    return out.replace('up\n', '').trim();
  };
}

it('leaves who runs on the build that it began with', async () => {
  const { at, write, build, current } = checkout();
  mkdirSync(join(at, 'dist/cli'), { recursive: true });
  write('one');
  await build();
  const one = current();
  const end = await started(at);
  write('two');
  await build();
  expect(current()).not.toBe(one);
  expect(await end()).toBe('one one');
  expect(await (await started(at))()).toBe('two two');
  write('one');
  await Promise.all([build(), build()]);
  expect(current()).toBe(one);
  expect(readlinkSync(join(at, 'dist'))).toMatch(/^builds/);
});

it('removes old builds that nobody runs from', async () => {
  const { at, write, build, current } = checkout();
  const ends: (() => Promise<string>)[] = [];
  const old: string[] = [];
  for (const text of ['left', 'held']) {
    write(text);
    await build();
    old.push(current());
    if (text === 'held') ends.push(await started(at));
  }
  write('three');
  await build();
  for (const path of old) utimesSync(path, 0, 0);
  await build();
  expect(old.map(existsSync)).toEqual([false, true]);
  expect(await ends[0]?.()).toBe('held held');
  await build();
  expect(old.map(existsSync)).toEqual([false, false]);
  expect(existsSync(current())).toBe(true);
});

it('says what does not fit, and leaves the build that there is', async () => {
  const { write, build, current } = checkout();
  write('one');
  await build();
  const one = current();
  write("one'; const wrong: number = 'x");
  await expect(build()).rejects.toMatchObject({
    code: 1,
    stdout: expect.stringContaining('TS2322'),
  });
  expect(current()).toBe(one);
});

/** A line of what was built that names another module of ours. */
const imported = /^(?:im|ex)port.* from "(\..*)";$/gm;

it('joins what every start loads, each module in one place', () => {
  const importsOf = (path: string) =>
    [...readFileSync(join(root, 'dist', path), 'utf8').matchAll(imported)]
      .map(([, from = '']) => from)
      .filter((from) => !from.endsWith('/rolldown-runtime.js'));
  expect(importsOf('joined/start.js')).toEqual([]);
  expect(importsOf('joined/engine.js').sort()).toEqual([
    '../base/statistics/load-jstat.js',
    '../language/lex/chevrotain.js',
    './common.js',
    './start.js',
  ]);
  expect(importsOf('joined/common.js')).toEqual(['./start.js']);
  // Nothing of the language.
  expect(importsOf('joined/worker.js').sort()).toEqual(['./common.js', './start.js']);
  expect(importsOf('cli/run/run-study.js').sort()).toEqual([
    '../../joined/engine.js',
    '../../joined/start.js',
  ]);
  // A module that was joined passes on what is there.
  expect(importsOf('base/errors.js')).toEqual(['../joined/start.js']);
});
