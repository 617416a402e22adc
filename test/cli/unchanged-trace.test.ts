import {
  appendFileSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { built, study as scores, scoresLab, script } from './scores-lab.js';

const study = `${scores}report all = table({mean: scored.value}, over: n)
expect mean(scored.value, over: n) > 1
`;
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
  const { at, env, path, write, ioTo, records } = scoresLab(study);
  const ioOf = (said: string[]) =>
    ioTo({
      out: (text) => said.push(`out ${text}`),
      err: (text) => said.push(`err ${text}`),
    });
  const run = async (options: object = {}) => {
    const { run } = await built('commands/run.js');
    expect(await run.run(ioOf([]), ['s.ssp'], options)).toBe(0);
  };
  /** All that is said of a target, an error too. */
  const trace = async (target: string, options: object = {}) => {
    const said: string[] = [];
    const { trace } = await built('commands/trace.js');
    try {
      said.push(`exit ${await trace.run(ioOf(said), ['s.ssp', target], options)}`);
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
    const page = await unchangedTrace(ioOf([]), 's.ssp', options)?.recall();
    return page !== undefined;
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
