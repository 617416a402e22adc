import { spawn } from 'node:child_process';
import { openSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { ssp } from '../support/ssp.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

/** A folder with a study of one measurement, which is done by a script or a module. */
function study(code: string, how: 'sh' | 'node' | 'module' = 'sh', annotations = ''): string {
  const at = temporaryFolder();
  const script = { sh: 'job.sh', node: 'job.cjs', module: 'job.mjs' }[how];
  writeFileSync(join(at, script), code);
  const work =
    how === 'module'
      ? `from "./${script}"`
      : `command "${how} ${script} {out}" reads: ["${script}"]`;
  writeFileSync(
    join(at, 's.ssp'),
    `extern stage job() -> Metrics{v: Int} ${work}\n${annotations}\nevaluate m = job()\nreport t = table(m)\n`,
  );
  return at;
}

const result = `echo '{"v": 1}' > $1/metrics.json\n`;

function logOf(at: string): string {
  const logs = join(at, '.ssp', 'logs');
  return join(logs, readdirSync(logs)[0] ?? '');
}

it('ends a stage with its program, and then what that has left running', async () => {
  const at = study(`sleep 40 &\necho $! > child\n${result}`);
  const begun = performance.now();
  expect(await ssp(at, ['run', 's.ssp'])).toMatchObject({ code: 0 });
  expect(performance.now() - begun).toBeLessThan(20_000);
  const child = Number(readFileSync(join(at, 'child'), 'utf8'));
  const status = (): string => readFileSync(`/proc/${child}/stat`, 'utf8').split(') ')[1] ?? '';
  // A process that nobody waits for stays as a zombie where the first process does not.
  if (process.platform === 'linux')
    expect(() => expect(status()).toMatch(/^Z/)).toSatisfy(endsWell);
  expect(readFileSync(logOf(at), 'utf8')).toContain('ended what the stage has left running');
});

/** It holds, or the process is gone. */
function endsWell(check: () => void): boolean {
  try {
    check();
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
}

it.each([
  ['leaves a timer', 'setInterval(() => {}, 1000); return { metrics: { v: 1 } };', undefined],
  [
    'throws in a timer',
    "setTimeout(() => { throw new Error('the axle is broken'); }, 20); await new Promise(() => setInterval(() => {}, 1000));",
    /failed {2}m: the axle is broken\n +help: it was thrown at .*job\.mjs:1:/,
  ],
  [
    'leaves a promise to itself that fails',
    "void Promise.reject(new Error('nobody waits')); await new Promise(() => setInterval(() => {}, 1000));",
    /failed {2}m: nobody waits/,
  ],
  ['throws what is no error', "throw { reason: 'odd' };", /failed {2}m: \{ reason: 'odd' \}/],
  [
    'throws several errors as one',
    "await Promise.any([Promise.reject(new Error('no host')), Promise.reject(new Error('no disk'))]);",
    /failed {2}m: All promises were rejected: no host; no disk\n/,
  ],
  ['never ends', 'await new Promise(() => {});', /failed {2}m: its promise is never settled/],
  [
    'throws while it is loaded',
    "}\nsetTimeout(() => { throw new Error('too early'); }, 10); await new Promise((end) => setTimeout(end, 5000));\nexport function other() {",
    /failed {2}m: too early\n/,
  ],
  ['ends its process', 'process.exit(0);', /must not call `process.exit`/],
  [
    'writes escape sequences',
    "throw new Error('a\\u001b]0;title\\u0007\\u001b[31mb\\u009b2Jc');",
    /failed {2}m: abc\n/,
  ],
])('ends with a module that %s', async (_, body, message) => {
  const at = study(`export async function run() { ${body} }`, 'module');
  const { code, err } = await ssp(at, ['run', 's.ssp']);
  expect(code).toBe(message === undefined ? 0 : 1);
  if (message) expect(err).toMatch(message);
  // what the log ends with is shown without the frames of ssp and of Node
  expect(err).not.toMatch(/\bat .*(?:\/dist\/|node:)/);
});

it.each([
  ['is killed', 'kill -9 $$', 'attempt 2 of 4, because `sh` was killed by SIGKILL'],
  ['asks for it', 'exit 75', 'attempt 2 of 4, because `sh` ended with exit code 75'],
  [
    'says so through a shell',
    'exit 143',
    'attempt 2 of 4, because `sh` ended with exit code 143 (signal 15)',
  ],
  ['has no memory', 'echo MemoryError >&2; exit 1', 'it said last:\nMemoryError'],
])('tries a command again that %s', async (_, fails, said) => {
  const at = study(
    `if [ ! -e tried ]; then touch tried; ${fails}; fi\n${result}`,
    'sh',
    '@retries(3)',
  );
  const { code, err } = await ssp(at, ['run', 's.ssp']);
  expect(err).toContain(said);
  expect(code).toBe(0);
});

it('says of what failed in each attempt in how many, before what the program said', async () => {
  const at = study('echo dying >&2; kill -9 $$', 'sh', '@retries(1)');
  const { err } = await ssp(at, ['run', 's.ssp']);
  expect(err).toMatch(
    /failed {2}m: in attempt 2 of 2: `sh` was killed by SIGKILL; it said last:\ndying\n/,
  );
});

it('shows of a log only what a program has printed', async () => {
  // It leaves a process behind, which is noted in the log, and prints nothing.
  const at = study('sleep 40 & exit 3');
  const { err } = await ssp(at, ['run', 's.ssp']);
  expect(err).toContain('ended with exit code 3');
  expect(err).not.toContain('    |');
  expect(readFileSync(logOf(at), 'utf8')).toContain(
    '--- ssp: ended what the stage has left running',
  );
});

it('shows what a run has found though its lock cannot be written', async () => {
  const at = study(result);
  // The name of its lock is as long as a name may be, that of the file beside it longer.
  const name = `${'s'.repeat(246)}.ssp`;
  renameSync(join(at, 's.ssp'), join(at, name));
  const { code, out, err } = await ssp(at, ['run', name]);
  expect(code).toBe(1);
  expect(out).toMatch(/\bt\b/);
  expect(err).toContain('cannot write the lock');
  expect(err).toContain('--leave-lock');
});

it('does not try again what would end the same', async () => {
  const at = study('echo try >> tried; exit 3', 'sh', '@retries(3)');
  const { code, err } = await ssp(at, ['run', 's.ssp']);
  expect(code).toBe(1);
  expect(err).toContain('ended with exit code 3');
  expect(readFileSync(join(at, 'tried'), 'utf8')).toBe('try\n');
});

it('takes a timeout that is longer than a timer of Node', async () => {
  const at = study(`sleep 0.2\n${result}`, 'sh', '@timeout(40d)');
  expect(await ssp(at, ['run', 's.ssp'])).toMatchObject({ code: 0 });
});

it('lets a program end in its own way', async () => {
  const at = study(
    "trap 'sleep 0.5; touch saved; exit 1' TERM\nwhile :; do sleep 0.1; done",
    'sh',
    '@timeout(1s)',
  );
  const { err } = await ssp(at, ['run', 's.ssp']);
  expect(err).toContain('`m` took longer than 1 s');
  expect(readdirSync(at)).toContain('saved');
});

it('keeps a long output whole in the log, and of it shows the end', async () => {
  const at = study(
    "const line = 'x'.repeat(1e6);\nfor (let i = 0; i < 20; i++) process.stderr.write(line);\nprocess.stderr.write('\\n\\u001b[2Jprogress 1 %\\rprogress 2 %\\nlast words\\n');\nprocess.exitCode = 4;",
    'node',
  );
  const { err } = await ssp(at, ['run', 's.ssp']);
  expect(err).toMatch(/x\nprogress 2 %\nlast words\n/);
  // Once when it fails, and at the end.
  expect(err.length).toBeLessThan(10_000);
  expect(statSync(logOf(at)).size).toBeGreaterThan(2e7);
});

it('quotes what a program said on standard output when it said nothing else', async () => {
  const { err } = await ssp(study('echo no such data; exit 3'), ['run', 's.ssp']);
  expect(err).toContain('it said last:\nno such data');
});

it('goes on when nobody reads its progress', async () => {
  const at = study(`sleep 0.5\n${result}`);
  const child = spawn(process.execPath, [main, 'run', 's.ssp'], {
    cwd: at,
    env: { ...process.env, SSP_STORE: '' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  child.stderr?.destroy();
  expect(await new Promise((resolve) => child.on('exit', resolve))).toBe(0);
});

it.runIf(process.platform === 'linux')('fails when its result cannot be written', async () => {
  const at = study(result);
  for (const words of [
    ['check', '--json'],
    ['plan', '--json'],
    ['run', '--json'],
    ['show'],
    ['docs'],
  ]) {
    const [command = '', ...options] = words;
    const full = openSync('/dev/full', 'w');
    const file = command === 'docs' ? 'cosine' : 's.ssp';
    const child = spawn(process.execPath, [main, command, file, ...options], {
      cwd: at,
      env: { ...process.env, SSP_STORE: '' },
      stdio: ['ignore', full, 'pipe'],
    });
    let err = '';
    child.stderr?.on('data', (chunk) => {
      err += chunk;
    });
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect([words, code]).toEqual([words, 1]);
    expect(err).toContain('the result cannot be written to stdout: ');
  }
});

it('runs commands where there is no TensorFlow', async () => {
  const at = study(result);
  expect(await ssp(at, ['run', 's.ssp'], { env: { SSP_CACHE: '/dev/null/none' } })).toMatchObject({
    code: 0,
  });
});

it.runIf(process.platform === 'linux')(
  'says of a stopped program that it is stopped, and when it goes on',
  async () => {
    const at = study(`if [ ! -e tried ]; then touch tried; kill -STOP $$; fi\n${result}`);
    let gone = false;
    const { code, err } = await ssp(at, ['run', 's.ssp'], {
      onErr: (text) => {
        const [, pid] = /stalled {2}m: its process (\d+) is stopped/.exec(text) ?? [];
        if (pid === undefined || gone) return;
        gone = true;
        process.kill(Number(pid), 'SIGCONT');
      },
    });
    expect(err).toContain('stalled  m: its process ');
    expect(code).toBe(0);
  },
);

it('says for whom a second run waits, and since when', async () => {
  const at = study(`touch begun; while [ ! -e go ]; do sleep 0.1; done\n${result}`);
  let second: Promise<{ readonly code: number | null; readonly err: string }> | undefined;
  const first = ssp(at, ['run', 's.ssp'], {
    onErr: () => {
      second ??= whenBegun();
    },
  });
  const whenBegun = async () => {
    while (!readdirSync(at).includes('begun')) await new Promise((end) => setTimeout(end, 20));
    return ssp(at, ['run', 's.ssp'], {
      onErr: (text) => text.includes('wait  m') && writeFileSync(join(at, 'go'), ''),
    });
  };
  expect((await first).code).toBe(0);
  const waited = await second;
  expect(waited?.code).toBe(0);
  expect(waited?.err).toMatch(
    /wait {2}m: process \d+ of another run on \S+ is at it(, since .*)?\n/,
  );
});

it('hands 2,000 inputs to a command', async () => {
  const at = temporaryFolder();
  writeFileSync(join(at, 'one.sh'), 'echo 1 > $1/n\n');
  writeFileSync(
    join(at, 'all.cjs'),
    [
      "const { readFileSync, writeFileSync } = require('node:fs');",
      'const [, , list, out] = process.argv;',
      "const paths = JSON.parse(readFileSync(list.slice(1), 'utf8'));",
      "const read = paths.filter((path) => readFileSync(path + '/n', 'utf8') === '1\\n');",
      "writeFileSync(out + '/metrics.json', JSON.stringify({ v: read.length }));",
    ].join('\n'),
  );
  const inputs = Array.from({ length: 2000 }, () => 'd').join(', ');
  writeFileSync(
    join(at, 's.ssp'),
    `extern stage one() -> Files command "sh one.sh {out}" reads: ["one.sh"]
extern stage all(inputs: List[Files]) -> Metrics{v: Int} command "node all.cjs {inputs} {out}" reads: ["all.cjs"]
dataset d = one()
evaluate m = all(inputs: [${inputs}])
`,
  );
  const { code, err } = await ssp(at, ['run', 's.ssp']);
  expect(err).toContain('v 2000');
  expect(code).toBe(0);
});

it('counts the attempts that a stage goes on from, and says where it goes on', async () => {
  const at = study(
    `import { existsSync, writeFileSync } from 'node:fs';
export async function run({ checkpoint, progress }) {
  const file = checkpoint + '/step';
  const went = existsSync(file);
  if (went) progress({ unit: 'step', done: 3, total: 10 });
  writeFileSync(file, '3');
  await new Promise((end) => setTimeout(end, went ? 100 : 2500));
  if (!went) process.kill(process.pid, 'SIGKILL');
  return { metrics: { v: 1 } };
}`,
    'module',
    '@retries(1)',
  );
  const { code, out, err } = await ssp(at, ['run', 's.ssp', '--json']);
  expect(code).toBe(0);
  expect(err).toContain('goes on  m: from its checkpoint after step 3 of 10');
  const [{ seconds }] = JSON.parse(out).stages;
  expect(seconds).toBeGreaterThan(1.4);
  expect(readdirSync(join(at, '.ssp', 'checkpoints'))).toEqual([]);
});

it('does not count an attempt that left nothing to go on from', async () => {
  const at = study(
    `if [ ! -e tried ]; then touch tried; sleep 2; kill -9 $$; fi\n${result}`,
    'sh',
    '@retries(1)',
  );
  const { out } = await ssp(at, ['run', 's.ssp', '--json']);
  expect(JSON.parse(out).stages[0].seconds).toBeLessThan(1.9);
});

it.each([
  ['SIGHUP', 0],
  ['SIGTERM', 130],
] as const)('without a terminal answers to %s with exit code %i', async (signal, expected) => {
  const at = study(`sleep 1\n${result}`);
  let sent = false;
  const { code } = await ssp(at, ['run', 's.ssp'], {
    onErr: (text, kill) => {
      if (sent || !text.includes('start m')) return;
      sent = true;
      kill(signal);
    },
  });
  expect(code).toBe(expected);
});
