import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { startOf } from '../../src/execute/processes/process-start.js';
import { ssp } from '../support/ssp.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** A study of programs, one a number, that do what a script says. */
function study(numbers: string, script: string): string {
  const at = temporaryFolder();
  writeFileSync(join(at, 'job.sh'), script);
  writeFileSync(
    join(at, 's.ssp'),
    `axis n = [${numbers}]
extern stage job(n: Int) -> Metrics{worker: Int} command "sh job.sh {n} {out}"
evaluate m = job(n)
`,
  );
  return at;
}

/** A program tells which process has started it. */
const told = `echo "{\\"worker\\": $PPID}" > $2/metrics.json\n`;

async function workersOf(at: string, options: readonly string[] = []) {
  const { out } = await ssp(at, ['run', 's.ssp', '--json', '--jobs', '1', ...options]);
  const { stages } = JSON.parse(out) as {
    stages: { outcome: string; metrics?: { worker: number } }[];
  };
  return stages.map(({ outcome, metrics }) => metrics?.worker ?? outcome);
}

async function isGone(pid: number): Promise<boolean> {
  for (let i = 0; i < 100; i++) {
    if (startOf(pid) === undefined) return true;
    await sleep(50);
  }
  return false;
}

it('does one command after another in a worker, each with a log of its own', async () => {
  const at = study('1, 2, 3', `echo number $1; ${told}`);
  const workers = await workersOf(at);
  expect(new Set(workers).size).toBe(1);
  expect(workers[0]).toBeGreaterThan(1);
  const logs = readdirSync(join(at, '.ssp', 'logs')).map((name) =>
    readFileSync(join(at, '.ssp', 'logs', name), 'utf8'),
  );
  const said = logs.map((log) => /^--- \S+ m\[n=(\d)\]\nnumber (\d)\n$/.exec(log)?.slice(1));
  expect(said.sort()).toEqual(['1', '2', '3'].map((n) => [n, n]));
});

it('starts a worker with huge pages, and its programs without', async () => {
  const at = study('1', `cp /proc/$PPID/environ worker; cp /proc/$$/environ program; ${told}`);
  await workersOf(at);
  const tunables = (of: string) =>
    readFileSync(join(at, of), 'utf8')
      .split('\0')
      .find((name) => name.startsWith('GLIBC_TUNABLES='));
  expect(tunables('worker')).toBe('GLIBC_TUNABLES=glibc.malloc.hugetlb=1');
  expect(tunables('program')).toBeUndefined();
});

it('loses one stage with a worker that is killed, and ends its program', async () => {
  const at = study(
    '1, 2, 3',
    `if [ $1 = 2 ]; then echo $$ > pid; sleep 0.2; kill -9 $PPID; exec sleep 60; fi\n${told}`,
  );
  const [first, second, third] = await workersOf(at, ['--keep-going']);
  expect(second).toBe('failed');
  expect(third).toBeGreaterThan(1);
  expect(third).not.toBe(first);
  expect(await isGone(Number(readFileSync(join(at, 'pid'), 'utf8')))).toBe(true);
});

it('shows at the end what failed, with the line that declares it and the end of its log', async () => {
  const at = study('1, 2', `echo "number $1"; if [ $1 = 1 ]; then exit 3; fi; ${told}`);
  const { err, code } = await ssp(at, ['run', 's.ssp', '--keep-going', '--jobs', '1']);
  expect(code).toBe(1);
  expect(err).toContain('failed: m[n=1]\n  m[n=1]  s.ssp:3\n    | number 1\n');
});

it('says once why points fail that fail for the same reason', async () => {
  const at = study('1, 2, 3', 'echo none; exit 3');
  const { err, code } = await ssp(at, ['run', 's.ssp', '--keep-going', '--jobs', '1']);
  expect(code).toBe(1);
  expect(err).toMatch(/failed {2}m\[n=1\]: .*exit code 3.*\nnone\n {6}help: its log is/);
  expect(err.match(/^failed {2}.*: as .*$/gm)).toEqual([
    'failed  m[n=2]: as m[n=1]',
    'failed  m[n=3]: as m[n=1]',
  ]);
  expect(err).toContain('\n  m[n=1] and 2 more  s.ssp:3\n    | none\n');
});

it('says at the end why points fail that printed nothing', async () => {
  const at = study('1, 2, 3', 'case $1 in 1) kill -9 $$;; 2) kill -11 $$;; 3) kill -9 $$;; esac');
  const { err } = await ssp(at, ['run', 's.ssp', '--keep-going', '--jobs', '1']);
  expect(err).toContain(
    '\n  m[n=1] and 1 more  s.ssp:3\n    `sh` was killed by SIGKILL\n  m[n=2]  s.ssp:3\n    `sh` was killed by SIGSEGV\n',
  );
});

it('says at the end why points failed that their own last lines do not tell of', async () => {
  const at = study('1, 2', 'echo "at work"; case $1 in 1) kill -9 $$;; 2) exec sleep 60;; esac');
  const text = readFileSync(join(at, 's.ssp'), 'utf8');
  writeFileSync(join(at, 's.ssp'), text.replace('evaluate', '@timeout(2s)\nevaluate'));
  const { err } = await ssp(at, ['run', 's.ssp', '--keep-going', '--jobs', '1']);
  expect(err).toContain('\n    `sh` was killed by SIGKILL\n    | at work\n');
  expect(err).toContain('\n    it took longer than 2 s\n    | at work\n');
});

it('ends a program when its driver is killed', async () => {
  const at = study('1', `echo $$ > pid; exec sleep 60`);
  const run = ssp(at, ['run', 's.ssp'], {
    onErr: async (_, kill) => {
      while (!existsSync(join(at, 'pid'))) await sleep(20);
      kill('SIGKILL');
    },
  });
  expect((await run).code).toBe(null);
  expect(await isGone(Number(readFileSync(join(at, 'pid'), 'utf8')))).toBe(true);
});
