import {
  appendFileSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.js';

/** The built command, in this process: a start of Node for each of many traces would take a minute. */
const dist = realpathSync(fileURLToPath(new URL('../../dist', import.meta.url)));
const built = (path: string) => import(pathToFileURL(join(dist, 'cli', path)).href);

const study = `param offset: Int = 0
axis n = 1..3
extern stage score(n: Int, offset: Int, of: Path, name: String) -> Metrics{value: Int} command "sh score.sh {n} {offset} {of} {out} {name}" reads: ["score.sh"]
evaluate scored = score(n, offset, file("input.txt"), env.SSP_TEST_NAME)
report values = table({value: scored.value}, rows: n)
report all = table({mean: scored.value}, over: n)
expect mean(scored.value, over: n) > 1
`;
const script = 'echo "{\\"value\\": $(($1 * 10 + $2 + $(cat $3)))}" > $4/metrics.json\n';
const targets = [
  '120',
  '115',
  'all.mean',
  'values[n: 2].value',
  'scored',
  '99999',
  'nothing.value',
];

beforeAll(async () => {
  const { holdBuild } = await built('hold-build.js');
  holdBuild();
});

function lab() {
  const at = temporaryFolder();
  const write = (name: string, text: string) => writeFileSync(join(at, name), text);
  write('s.ssp', study);
  write('score.sh', script);
  write('input.txt', '100\n');
  const env: Record<string, string> = { ...process.env, SSP_STORE: '', SSP_TEST_NAME: 'one' };
  const path = (...parts: readonly string[]) => join(at, '.ssp', ...parts);
  const ioTo = (said: string[]) => ({
    cwd: at,
    env,
    colour: { out: false, err: false },
    width: 100,
    live: false,
    out: (text: string) => said.push(`out ${text}`),
    err: (text: string) => said.push(`err ${text}`),
  });
  const run = async (options: object = {}) => {
    const { run } = await built('commands/run.js');
    expect(await run.run(ioTo([]), ['s.ssp'], options)).toBe(0);
  };
  /** All that is said of a target, an error too. */
  const trace = async (target: string, options: object = {}) => {
    const said: string[] = [];
    const { trace } = await built('commands/trace.js');
    try {
      said.push(`exit ${await trace.run(ioTo(said), ['s.ssp', target], options)}`);
    } catch (error) {
      const { code, message, help } = error as { code: string; message: string; help: string };
      said.push(`${code} ${message} ${help}`);
    }
    return said;
  };
  const traces = async () => {
    const said: string[][] = [];
    for (const target of targets)
      said.push(await trace(target), await trace(target, { json: true }));
    return said;
  };
  /** Is the page kept, and does everything hold that it was made from? */
  const isKept = async (options: object = {}): Promise<boolean> => {
    const { unchangedTrace } = await built('unchanged/unchanged-trace.js');
    const page = await unchangedTrace(ioTo([]), 's.ssp', options)?.recall();
    return page !== undefined;
  };
  const records = () => {
    const keys = [...readFileSync(join(at, 's.ssp.lock'), 'utf8').matchAll(/key: ([0-9a-f]{64})/g)];
    return keys.map(([, key = '']) => path('records', key.slice(0, 2), `${key}.json`));
  };
  /** Files of the store's memory that keep a page. */
  const pages = () =>
    readdirSync(path('memo'), { recursive: true, encoding: 'utf8' })
      .map((name) => path('memo', name))
      .filter((name) => statSync(name).isFile())
      .filter((name) => readFileSync(name, 'utf8').includes('"origins"'));
  return { at, env, path, write, run, trace, traces, isKept, records, pages };
}

it('tells from what a run left the same as from the results', async () => {
  const { path, run, trace, traces, isKept } = lab();
  await run();
  expect(await isKept()).toBe(true);
  const told = await traces();
  expect(told[0]?.join('\n')).toContain('2 numbers are meant');
  rmSync(path('memo'), { recursive: true });
  expect(await isKept()).toBe(false);
  // Each from what is there, as the first of them keeps it again.
  for (const [i, target] of targets.entries()) {
    expect([await trace(target)], target).toEqual([told[2 * i]]);
    rmSync(path('memo'), { recursive: true, force: true });
    expect([await trace(target, { json: true })], target).toEqual([told[2 * i + 1]]);
    rmSync(path('memo'), { recursive: true, force: true });
  }
  await trace('120');
  expect(await isKept()).toBe(true);
  expect(await isKept({ set: ['offset=1'] })).toBe(false);
  expect((await trace('120', { check: true })).join('\n')).toContain('hashed again and the same');
}, 120_000);

it('opens the results where anything that they follow from is otherwise', async () => {
  const { at, env, write, run, trace, isKept, records } = lab();
  await run();
  const first = () => records()[0] ?? '';
  const changes: readonly (readonly [what: string, change: () => void])[] = [
    ['a comment', () => write('s.ssp', `// More.\n${study}`)],
    ['a parameter', () => write('s.ssp', study.replace('= 0', '= 5'))],
    ['the text as it was', () => write('s.ssp', study)],
    [
      'an input with the size and time that it had',
      () => {
        const { atime, mtime } = statSync(join(at, 'input.txt'));
        write('input.txt', '200\n');
        utimesSync(join(at, 'input.txt'), atime, mtime);
      },
    ],
    ['a program', () => write('score.sh', `# Longer.\n${script}`)],
    [
      'a variable',
      () => {
        env.SSP_TEST_NAME = 'two';
      },
    ],
    ['no record', () => rmSync(first())],
    ['a damaged record', () => appendFileSync(first(), ' ')],
  ];
  for (const [what, change] of changes) {
    expect(await isKept(), what).toBe(true);
    change();
    expect(await isKept(), what).toBe(false);
    await trace('values');
    await run();
    await trace('values');
  }
  expect((await trace('values[n: 3].value')).join('\n')).toContain('230');
}, 300_000);

it('takes no page that is not what was kept', async () => {
  const { run, trace, isKept, pages } = lab();
  await run();
  const told = await trace('all.mean');
  const [kept = '', ...others] = pages();
  expect(others).toEqual([]);
  const whole = readFileSync(kept, 'utf8');
  const { seal } = await import('../../src/execute/seal.js');
  const { sum: _, ...page } = JSON.parse(whole);
  const [origin] = page.origins;
  const [stage] = page.stages;
  const hostile: readonly object[] = [
    { ...page, again: '\u001B]0;title\u0007' },
    { ...page, origins: [{ ...origin, address: 7 }] },
    { ...page, origins: [{ ...origin, numbers: [{ part: 'value', value: null, shown: {} }] }] },
    { ...page, origins: [{ ...origin, values: [{ point: '', value: 1, reads: 'x' }] }] },
    { ...page, stages: [{ ...stage, key: '../../s.ssp' }] },
    { ...page, stages: [{ ...stage, outcome: 'skipped' }] },
    { ...page, stages: [{ ...stage, command: ['\u001B[2J'] }] },
    { ...page, stages: undefined },
    { ...page, asked: [[['record', '../../../s.ssp'], '']] },
    { ...page, version: 2 },
  ];
  for (const text of ['', whole.slice(0, 100), '{}\n', ...hostile.map(seal)]) {
    writeFileSync(kept, text);
    expect(await isKept()).toBe(false);
    expect(await trace('all.mean')).toEqual(told);
  }
  truncateSync(kept, 50);
  expect(await trace('all.mean')).toEqual(told);
}, 120_000);

it('keeps no page of which results are missing', async () => {
  const { run, trace, isKept, records } = lab();
  await run();
  rmSync(records()[1] ?? '');
  const told = await trace('values');
  expect(await isKept()).toBe(false);
  expect(await trace('values')).toEqual(told);
  await run();
  expect(await isKept()).toBe(true);
}, 60_000);
