import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ssp } from '../support/ssp.js';
import { startCluster, whyNot } from './cluster.js';
import { until } from './study.js';

/* A script of `ssp export slurm`: Slurm does all points in order without a driver, and what is behind a failure never. */
it('does a study without a driver', async () => {
  expect(whyNot(), 'a real Slurm is needed here').toBeUndefined();
  const cluster = await startCluster({ port: 18_900, nodes: 2, cpus: 4 });
  const at = mkdtempSync(join(tmpdir(), "ssp export's "));
  const noted = join(at, 'noted');
  const env = { ...cluster.env, NOTED: noted, NO_COLOR: '1', SSP_STORE: '' };
  try {
    writeFileSync(join(at, 'ssp.yaml'), 'slurm:\n  memory: 200M\n');
    writeFileSync(
      join(at, 'work.sh'),
      `test ! -e "$NOTED.bad" || exit 1
echo "$1 $SLURMD_NODENAME" >> "$NOTED"
echo '{"value": 3}' > "$2/metrics.json"
`,
    );
    writeFileSync(
      join(at, 'study.ssp'),
      `extern stage word(text: String) -> Metrics{value: Int}
  command "sh work.sh {text} {out}"
  reads: ["work.sh"]

extern stage more(of: Int, text: String) -> Metrics{value: Int}
  command "sh work.sh more-{of}-{text} {out}"
  reads: ["work.sh"]

axis text = ["it's", "two words", "a, b]"]

evaluate first = word(text)
evaluate second = more(first.value, text)
report all = table(mean(second.value, over: text))
`,
    );
    const exported = await ssp(at, ['export', 'slurm', 'study.ssp', '-o', 'study.sh'], { env });
    expect(exported.code).toBe(0);
    const submit = () =>
      execFileSync('bash', ['study.sh'], {
        cwd: at,
        env: { ...process.env, ...env },
        encoding: 'utf8',
      });
    const left = () => cluster.ask('squeue', '-h', '-t', 'PD,R,CG');
    const lock = () => existsSync(join(at, 'study.ssp.lock'));
    writeFileSync(`${noted}.bad`, '');
    process.stderr.write(submit());
    await until('all jobs have ended', () => left() === '', 300);
    expect([existsSync(noted), lock()]).toEqual([false, false]);
    rmSync(`${noted}.bad`);
    process.stderr.write(exported.err + submit());
    await until('all jobs have ended', () => left() === '', 300);
    const lines = readFileSync(noted, 'utf8').trim().split('\n');
    const words = ["it's", 'two words', 'a, b]'];
    expect(lines.map((line) => line.replace(/ n\d$/, '')).sort()).toEqual(
      [...words, ...words.map((word) => `more-3-${word}`)].sort(),
    );
    expect(lock()).toBe(true);
    const logs = join(at, '.ssp/slurm/export');
    const tables = readdirSync(logs).filter((name) => name.startsWith('tables-'));
    expect(tables).toHaveLength(1);
    expect(readFileSync(join(logs, tables[0] ?? ''), 'utf8')).toContain('0 ran, 6 hit');
  } finally {
    await cluster.stop();
    rmSync(at, { recursive: true, force: true });
  }
});
