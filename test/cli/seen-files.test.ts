import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { ssp } from '../support/ssp.js';
import { temporaryFolder } from '../support/temporary-folder.js';

type Files = Readonly<Record<string, string>>;

/** A folder with files and `p.ssp`; `ran` runs it and tells the results and which of them are new. */
function study(files: Files) {
  const at = temporaryFolder();
  const write = (changed: Files): void => {
    for (const [name, text] of Object.entries(changed)) {
      mkdirSync(dirname(join(at, name)), { recursive: true });
      writeFileSync(join(at, name), text);
    }
  };
  write(files);
  const ran = async () => {
    const { out, err } = await ssp(at, ['run', 'p.ssp', '--json']);
    if (out === '') throw new Error(err);
    const { stages } = JSON.parse(out) as {
      stages: { id: string; outcome: string; metrics: Record<string, number> }[];
    };
    const of = (outcome: string) => stages.filter((s) => s.outcome === outcome).map((s) => s.id);
    const values = Object.fromEntries(stages.map((s) => [s.id, s.metrics.v]));
    return { values, ran: of('ran').sort(), hit: of('hit').sort(), err };
  };
  return { at, write, ran, plan: async () => (await ssp(at, ['plan', 'p.ssp'])).out };
}

/** A pipeline that evaluates modules, each by its own name. */
const evaluating = (names: readonly string[]): string =>
  names
    .map(
      (name) =>
        `extern stage of_${name}() -> Metrics{v: Int} from "./${name}.mjs"\nevaluate ${name} = of_${name}()\n`,
    )
    .join('');

const giving = (imports: string, value: string): string =>
  `${imports}\nexport const run = async () => ({ metrics: { v: Number(${value}) } });\n`;

/** A module whose result a thread gives it. */
const thread = (path: string) =>
  giving(
    `import { Worker } from 'node:worker_threads';\nconst name = '${path}';`,
    "await new Promise((done) => new Worker(new URL(name, import.meta.url)).on('message', done))",
  );
/** Ways in which a module takes something in that a scan of its text does not find. */
const forms: Files = {
  query: giving("import value from './m.mjs?x=1';", 'value'),
  hash: giving("import value from '#m';", 'value'),
  escaped: giving(
    "import { readFileSync } from 'node:fs';",
    "readFileSync(new URL('a%20b.json', import.meta.url))",
  ),
  renamed: giving(
    "import { createRequire as make } from 'node:module';\nconst ask = make(import.meta.url);",
    "ask('./c')",
  ),
  folder: giving(
    "import { createRequire } from 'node:module';\nconst ask = createRequire(import.meta.url);",
    "ask('./sub' + '')",
  ),
  computed: giving('', "(await import('./' + 'm' + '.mjs')).default"),
  promised: giving(
    "import { readFile } from 'node:fs/promises';",
    "await readFile(new URL('a%20b.json', import.meta.url))",
  ),
  opened: giving(
    "import fs from 'fs';\nimport { join, dirname } from 'path';\nimport { fileURLToPath } from 'url';",
    "fs.readFileSync(join(dirname(fileURLToPath(import.meta.url)), 'a b' + '.json'))",
  ),
  listed: giving("import { readdirSync } from 'node:fs';", "readdirSync('list').length"),
  absent: giving("import { existsSync } from 'node:fs';", "existsSync('flag') ? 2 : 1"),
  started: giving(
    "import { execFileSync } from 'node:child_process';",
    "execFileSync('cat', ['a b.json'])",
  ),
  threaded: thread('./thread.mjs'),
  // What cannot be there is asked for as without ssp.
  askedInVain: giving(
    "import { existsSync } from 'node:fs';\nimport { execFileSync } from 'node:child_process';\nimport value from './m.mjs';",
    "existsSync('a b.json/x') || existsSync('n'.repeat(300)) || execFileSync('true', ['n'.repeat(300)]).length > 0 ? 0 : value",
  ),
  // What a thread reads itself, and one that it starts.
  readInThread: thread('./reads.mjs'),
  readBelow: thread('./below.mjs'),
};
const modules = Object.fromEntries(Object.entries(forms).map(([n, text]) => [`${n}.mjs`, text]));
const state = (value: number): Files => ({
  'm.mjs': `export default ${value};\n`,
  'a b.json': String(value),
  'c.cjs': '',
  'c.js': `module.exports = ${value};\n`,
  'sub/main.js': `module.exports = ${value};\n`,
  'sub/package.json': '{"main": "main.js"}',
  'package.json': '{"imports": {"#m": "./m.mjs"}, "version": "1"}',
  'thread.mjs':
    "import { parentPort } from 'node:worker_threads';\nimport v from './m.mjs';\nparentPort.postMessage(v);\n",
  'reads.mjs': `import { parentPort } from 'node:worker_threads';
import { readFileSync } from 'node:fs';
parentPort.postMessage(Number(readFileSync(new URL('a%20b.json', import.meta.url))));
`,
  'below.mjs': `import { parentPort, Worker } from 'node:worker_threads';
const name = './reads.mjs';
new Worker(new URL(name, import.meta.url)).on('message', (v) => parentPort.postMessage(v));
`,
  'list/a': '',
});
const all = (value: number) => Object.fromEntries(Object.keys(forms).map((n) => [n, value]));

it('makes the result of a module again when anything that it looked at has changed', async () => {
  const { at, write, ran, plan } = study({
    ...state(1),
    ...modules,
    'p.ssp': evaluating(Object.keys(forms)),
  });
  expect((await ran()).values).toEqual(all(1));
  // What does not decide what is found where is none of its business.
  write({ 'package.json': '{"imports": {"#m": "./m.mjs"}, "version": "2"}' });
  expect(await ran()).toMatchObject({ ran: [], values: all(1) });

  write({ ...state(2), 'list/b': '', flag: '' });
  const text = await plan();
  for (const file of ['m.mjs', 'a b.json', 'c.js', 'sub/main.js', 'list', 'flag']) {
    expect(text).toContain(`\`${file}\`  changed`);
  }
  expect(await ran()).toMatchObject({ hit: [], values: all(2) });
  expect((await ran()).ran).toEqual([]);

  write(state(1));
  rmSync(join(at, 'list/b'));
  rmSync(join(at, 'flag'));
  expect(await ran()).toMatchObject({ ran: [], values: all(1) });
}, 60_000);

it('follows links to where they lead', async () => {
  const { at, ran } = study({
    'p.ssp': evaluating(['linked', 'through']),
    'one/module.mjs': giving("import value from './part.mjs';", 'value'),
    'two/module.mjs': giving("import value from './part.mjs';", 'value'),
    'one/part.mjs': 'export default 1;',
    'two/part.mjs': 'export default 2;',
    'through.mjs': giving("import value from './part.mjs';", 'value'),
  });
  const link = (folder: string) => {
    for (const [name, to] of [
      ['linked.mjs', 'module.mjs'],
      ['part.mjs', 'part.mjs'],
    ] as const) {
      rmSync(join(at, name), { force: true });
      symlinkSync(`${folder}/${to}`, join(at, name));
    }
  };
  link('one');
  expect((await ran()).values).toEqual({ linked: 1, through: 1 });
  expect((await ran()).ran).toEqual([]);
  link('two');
  expect((await ran()).values).toEqual({ linked: 2, through: 2 });
}, 30_000);

it('does not take what a module writes, or what is in the key, for something that it has seen', async () => {
  const { write, ran } = study({
    'p.ssp':
      'extern stage mine(data: Folder) -> Metrics{v: Int} from "./mine.mjs"\nevaluate e = mine(data: "data")\n',
    'data/a': '1',
    'mine.mjs': `import fs from 'node:fs';
export const run = ({ params }) => {
  if (!fs.existsSync('cache')) fs.writeFileSync('cache', String(Math.random()));
  fs.readFileSync('cache');
  fs.mkdirSync('made/here', { recursive: true });
  fs.writeFileSync('made/here/' + Math.random(), '');
  fs.readdirSync('made');
  fs.readdirSync('made/here');
  return { metrics: { v: Number(fs.readFileSync(params.data + '/a')) } };
};`,
  });
  expect((await ran()).values).toEqual({ e: 1 });
  write({ cache: 'other' });
  expect((await ran()).ran).toEqual([]);
  write({ 'data/a': '2' });
  expect((await ran()).values).toEqual({ e: 2 });
  write({ 'data/a': '1' });
  expect((await ran()).ran).toEqual([]);
}, 30_000);

it('keeps two imports apart whose contents are swapped', async () => {
  const { write, ran } = study({
    'p.ssp': evaluating(['m']),
    'm.mjs': giving("import a from './a.mjs';\nimport b from './b.mjs';", '10 * a + b'),
    'a.mjs': 'export default 1;',
    'b.mjs': 'export default 2;',
  });
  expect((await ran()).values).toEqual({ m: 12 });
  write({ 'a.mjs': 'export default 2;', 'b.mjs': 'export default 1;' });
  expect((await ran()).values).toEqual({ m: 21 });
}, 30_000);

it('keeps a result for what was imported, though the file is edited before the end', async () => {
  const { write, ran } = study({
    'p.ssp': evaluating(['m']),
    'part.mjs': 'export default 1;',
    'm.mjs': `import part from './part.mjs';

`,
  });
  write({
    'm.mjs': `import part from './part.mjs';
import { execFileSync } from 'node:child_process';
export const run = () => {
  execFileSync('sh', ['-c', 'echo "export default 2;" > part.mjs; echo "// edited" >> m.mjs']);
  return { metrics: { v: part } };
};`,
  });
  expect(await ran()).toMatchObject({ values: { m: 1 }, ran: ['m'] });
  expect(await ran()).toMatchObject({ values: { m: 2 }, ran: ['m'] });
}, 30_000);

it('holds a frozen run against what its modules looked at', async () => {
  const { at, write, ran } = study({
    'p.ssp': evaluating(['query']),
    'query.mjs': forms.query ?? '',
    'm.mjs': 'export default 1;',
  });
  await ran();
  write({ 'm.mjs': 'export default 2;' });
  const frozen = () => ssp(at, ['run', 'p.ssp', '--frozen']);
  expect((await frozen()).err).toContain('`m.mjs` changed');
  await ran();
  // A clone without the store agrees with its lock too.
  rmSync(join(at, '.ssp'), { recursive: true });
  expect((await frozen()).code).toBe(0);
}, 30_000);
