import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ssp } from '../support/ssp.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** Names that every object of JavaScript has, in every place where a user names something. */
const text = (name: string): string => `
param ${name}: Int = 1
axis constructor = {toString: 1, __proto__: 2}
extern stage folder(data: Folder) -> Files command "sh copy.sh {data} {out}" reads: ["copy.sh"]
extern stage mine(__proto__: Int, toString: {valueOf: Int, __proto__: Int}, of: Files)
  -> Metrics{__proto__: Int, hasOwnProperty: Int}
  from "./mine.mjs"
dataset valueOf = folder(data: "data")
evaluate isPrototypeOf = mine(__proto__: ${name}, toString: {valueOf: constructor, __proto__: 5}, of: valueOf)
report __defineGetter__ = table({__proto__: isPrototypeOf.__proto__, valueOf: isPrototypeOf.hasOwnProperty}, rows: constructor)
expect mean(isPrototypeOf.__proto__, over: constructor) > 0
`;

it('takes the names of every object for names like any other', async () => {
  const at = temporaryFolder();
  mkdirSync(join(at, 'data'));
  const write = (name: string, content: string) => writeFileSync(join(at, name), content);
  write('data/__proto__', '1');
  write('data/constructor', '2');
  write('copy.sh', 'cp "$1"/* "$2"');
  write(
    'mine.mjs',
    `import { readFileSync } from 'node:fs';
export const run = ({ params }) => {
  const own = (record, name) => Object.getOwnPropertyDescriptor(record, name).value;
  const read = (name) => Number(readFileSync(params.of.file(name), 'utf8'));
  const metrics = [
    ['__proto__', own(params, '__proto__') + 10 * read('__proto__') + 100 * read('constructor')],
    ['hasOwnProperty', own(params.toString, 'valueOf') * own(params.toString, '__proto__')],
  ];
  return { metrics: Object.fromEntries(metrics) };
};`,
  );
  write('p.ssp', text('__proto__'));
  const run = async (...more: readonly string[]) => {
    const { out, err } = await ssp(at, ['run', 'p.ssp', '--json', ...more]);
    if (out === '') throw new Error(err);
    const { stages } = JSON.parse(out) as {
      stages: { id: string; outcome: string; metrics: Record<string, number> }[];
    };
    return stages
      .filter(({ id }) => id.startsWith('is'))
      .map(({ outcome, metrics }) => [outcome, ...Object.values(metrics)]);
  };
  expect(await run()).toEqual([
    ['ran', 211, 5],
    ['ran', 211, 10],
  ]);
  expect((await ssp(at, ['show', 'p.ssp'])).out).toMatch(/__proto__ +211\b[\s\S]*10/);
  expect(await run('--set', '__proto__=2')).toEqual([
    ['ran', 212, 5],
    ['ran', 212, 10],
  ]);
  write('data/__proto__', '3');
  expect(await run()).toEqual([
    ['ran', 231, 5],
    ['ran', 231, 10],
  ]);
  for (const args of [
    ['plan', 'p.ssp'],
    ['why', 'p.ssp', 'isPrototypeOf[constructor: __proto__]'],
    ['diff', 'p.ssp', 'p.ssp.lock'],
    ['run', 'p.ssp', '--frozen'],
    ['report', 'p.ssp', '-o', 'report'],
  ]) {
    expect(await ssp(at, args), args.join(' ')).toMatchObject({ code: 0 });
  }
}, 60_000);

it('says of a field, an axis or a variable of such a name that there is none', async () => {
  const at = temporaryFolder();
  const check = async (lines: string): Promise<string> => {
    writeFileSync(join(at, 'p.ssp'), lines);
    return (await ssp(at, ['check', 'p.ssp'])).out;
  };
  const stage =
    'extern stage m(a: Int) -> Metrics{v: Int} command "sh m.sh {a} {out}"\nevaluate e = m(1)\n';
  expect(await check(`${stage}expect e.constructor > 0`)).toContain('unknown-field');
  expect(await check(`${stage}expect mean(e.v, over: toString) > 0`)).toContain('toString');
  expect(await check('let r = {a: 1}\nexpect r.valueOf == 1')).toContain('unknown-field');
  writeFileSync(
    join(at, 'p.ssp'),
    'extern stage m(a: String) -> Files command "sh m.sh {a} {out}"\ndataset e = m(env.constructor)\n',
  );
  expect((await ssp(at, ['plan', 'p.ssp'])).out).toContain('waits for the variable constructor');
}, 30_000);
