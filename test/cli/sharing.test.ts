import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { outputOf } from '../../src/execute/output.js';
import type { StageRecord } from '../../src/execute/record.js';
import { seal, unseal } from '../../src/execute/seal.js';
import { ssp } from '../support/ssp.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** Two people in folders of their own, who have one file, and a folder that both see. */
function lab() {
  const at = temporaryFolder();
  for (const name of ['anna', 'ben', 'lab']) mkdirSync(join(at, name));
  for (const name of ['anna', 'ben']) {
    const put = (file: string, text: string) => writeFileSync(join(at, name, file), text);
    put('make.sh', 'echo made >> count; echo content > $1/a\n');
    put('look.sh', 'echo looked >> count; echo \'{"v": 7}\' > $2/metrics.json\n');
    put(
      's.ssp',
      `extern stage make() -> Files command "sh make.sh {out}" reads: ["make.sh"]
extern stage look(f: Files) -> Metrics{v: Int} command "sh look.sh {f} {out}" reads: ["look.sh"]
dataset m = make()
evaluate u = look(m)
report t = table(u)
`,
    );
  }
  const count = (name: string) => {
    const path = join(at, name, 'count');
    return readdirSync(join(at, name)).includes('count')
      ? readFileSync(path, 'utf8').trim().split('\n')
      : [];
  };
  return { at, anna: join(at, 'anna'), ben: join(at, 'ben'), lab: join(at, 'lab'), count };
}

it('pushes and pulls through a folder', async () => {
  const { anna, ben, lab: to } = lab();
  await ssp(anna, ['run', 's.ssp']);
  const pushed = await ssp(anna, ['push', 's.ssp', '--to', to]);
  expect(pushed).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^sent 2 results \(.*\) to .*; 0 were there$/m),
  });
  expect((await ssp(anna, ['push', 's.ssp', '--to', to])).out).toMatch(
    /^sent 0 results \(0 B\).*; 2 were there/,
  );
  const pulled = await ssp(ben, ['pull', 's.ssp', '--from', '../lab']);
  expect(pulled).toMatchObject({ code: 0, out: expect.stringMatching(/^got 2 results/) });
  expect((await ssp(ben, ['plan', 's.ssp', '--json'])).out).toMatch(/"hit": 2/);
});

it('knows remotes by their names in the site file, and the numbers of its GPUs', async () => {
  const { anna, ben } = lab();
  for (const at of [anna, ben]) {
    const site = 'remotes: {shared: ../lab}\nslurm: {gpu: {gres: gpu}}\n';
    writeFileSync(join(at, 'ssp.yaml'), site);
  }
  await ssp(anna, ['run', 's.ssp']);
  const pushed = await ssp(anna, ['push', 's.ssp', '--to', 'shared', '--json']);
  const remote = join(ben, '../lab');
  expect(JSON.parse(pushed.out)).toMatchObject({ remote, sent: 2, there: 0, open: 0 });
  const ran = await ssp(ben, ['run', 's.ssp', '--from', 'shared']);
  expect(ran.err).toMatch(/got 2 results/);
  writeFileSync(
    join(anna, 'd.ssp'),
    'import std.data.emoji\nimport std.backbone.resnet18\nimport std.train.random_init\ntrain e = random_init(resnet18())\n',
  );
  const there = await ssp(anna, ['why', 'd.ssp', 'e', '--executor', 'slurm']);
  expect(there.out).toContain('device: cuda');
  expect((await ssp(anna, ['why', 'd.ssp', 'e'])).out).toContain('device: cpu');
  const both = await ssp(anna, ['why', 'd.ssp', 'e', '--executor', 'slurm', '--gpus', '0']);
  expect([both.code, both.err]).toEqual([2, expect.stringContaining('Slurm says which')]);
}, 120_000);

it('runs with what a remote has, and makes the rest', async () => {
  const { anna, ben, lab: to, count } = lab();
  await ssp(anna, ['run', 's.ssp', '--only', 'm']);
  await ssp(anna, ['push', 's.ssp'], { env: { SSP_REMOTE: to } });
  const ran = await ssp(ben, ['run', 's.ssp', '--from', to]);
  expect(ran.code).toBe(0);
  expect(ran.err).toMatch(/got 1 result /);
  expect(count('ben')).toEqual(['looked']);
});

it('refuses what is damaged there, says what was found, and makes it', async () => {
  const { anna, ben, lab: to, count } = lab();
  await ssp(anna, ['run', 's.ssp']);
  await ssp(anna, ['push', 's.ssp', '--to', to]);
  const [content = ''] = readdirSync(join(to, 'cas'), { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.length > 60,
  );
  const path = join(to, 'cas', content);
  chmodSync(path, 0o644);
  writeFileSync(path, 'other !!');
  const pulled = await ssp(ben, ['pull', 's.ssp', '--from', to]);
  expect(pulled.code).toBe(1);
  expect(pulled.err).toMatch(
    /refused: the content [0-9a-f]{64} of `m` of .* has the SHA-256 [0-9a-f]{64}, expected/,
  );
  expect(pulled.err).toContain(`it was not taken (${path})`);
  expect(pulled.err).toContain(`help: \`ssp push s.ssp --to ${to} --recheck\`, from a store`);
  // As the help says.
  const mended = await ssp(anna, ['push', 's.ssp', '--to', to, '--recheck']);
  expect(mended.out).toMatch(/^sent 1 result \(8 B\) to .*; 1 were there/);
  const whole = await ssp(ben, ['pull', 's.ssp', '--from', to, '--store', 'mended']);
  expect(whole).toMatchObject({ code: 0, out: expect.stringMatching(/^got 2 results/) });
  chmodSync(path, 0o644);
  writeFileSync(path, 'other !!');
  const ran = await ssp(ben, ['run', 's.ssp', '--from', to]);
  expect(ran.code).toBe(0);
  expect(count('ben')).toContain('made');
});

it('bundles a study in one file, which runs elsewhere without computing', async () => {
  const { anna, ben, count } = lab();
  await ssp(anna, ['run', 's.ssp']);
  const bundled = await ssp(anna, ['bundle', 's.ssp', '-o', '../ben/study.sspb']);
  expect(bundled).toMatchObject({
    code: 0,
    out: expect.stringMatching(/: 2 results, 4 files of source, /),
  });
  const ran = await ssp(ben, ['run', '--from', 'study.sspb']);
  expect(ran).toMatchObject({
    code: 0,
    err: expect.stringMatching(/wrote study\/s.ssp, of 4 files/),
  });
  expect(ran.err).toMatch(/got 2 results .* from study.sspb/);
  expect(count('ben')).toEqual([]);
  // The study is the receiver's now: what is changed is made.
  writeFileSync(
    join(ben, 'study', 'look.sh'),
    'echo looked >> count; echo \'{"v": 8}\' > $2/metrics.json\n',
  );
  const changed = await ssp(ben, ['run', 'study/s.ssp', '--from', 'study.sspb']);
  expect(changed.err).toMatch(/1 ran, 1 hit/);
  expect((await ssp(ben, ['run', '--from', 'study.sspb'])).err).toMatch(
    /study\/look.sh is there and is not that of/,
  );
  const bytes = readFileSync(join(ben, 'study.sspb'));
  for (const [damaged, why] of [
    [Buffer.concat([bytes, Buffer.alloc(256)]), 'its archive does not end where the file ends'],
    [bytes.subarray(0, 9000), 'no archive ends it; it was cut off on the way'],
  ] as const) {
    writeFileSync(join(ben, 'broken.sspb'), damaged);
    expect((await ssp(ben, ['run', '--from', 'broken.sspb'])).err).toContain(
      `broken.sspb is no bundle, or a damaged one: ${why}`,
    );
  }
});

it('leaves large files out of a bundle, whose results are then made', async () => {
  const { anna, ben, count } = lab();
  const make = `echo made >> count; echo ${'content'.repeat(200)} > $1/a\n`;
  for (const at of [anna, ben]) writeFileSync(join(at, 'make.sh'), make);
  await ssp(anna, ['run', 's.ssp']);
  const words = ['bundle', 's.ssp', '-o', '../ben/study.html', '--largest', '0.001'];
  const { err } = await ssp(anna, words);
  expect(err).toMatch(/without make.sh, which has \d+ bytes/);
  expect(err).toMatch(/without 1 larger files of results \(1.4 KiB\)/);
  expect((await ssp(ben, ['run', 's.ssp', '--from', 'study.html'])).code).toBe(0);
  expect(count('ben')).toEqual(['made']);
});

/** Puts another number into an entry of a folder, with all its digests right. */
function lie(remote: string): void {
  const names = readdirSync(join(remote, 'ac'), { recursive: true, encoding: 'utf8' });
  for (const path of names
    .filter((name) => name.length > 60)
    .map((name) => join(remote, 'ac', name))) {
    const { sum: _, ...record } = unseal(readFileSync(path, 'utf8')) as unknown as StageRecord & {
      sum: string;
    };
    if (record.id !== 'u') continue;
    const { type, files } = record.output;
    chmodSync(path, 0o644);
    writeFileSync(path, seal({ ...record, output: outputOf(type, files, { v: 9 }) }));
  }
}

it('finds a lie by making a part again', async () => {
  const { anna, ben, lab: to, count } = lab();
  await ssp(anna, ['run', 's.ssp']);
  await ssp(anna, ['push', 's.ssp', '--to', to]);
  lie(to);
  const pulled = await ssp(ben, ['pull', 's.ssp', '--from', to, '--verify', '100%']);
  expect(pulled.err).toMatch(
    /verified 2 of 2 results that came, drawn by the seed \d+: 1 is the same to the bit/,
  );
  expect(pulled.err).toMatch(/`u`: v 9 came, 7 here/);
  expect(pulled.code).toBe(1);
  expect(count('ben').sort()).toEqual(['looked', 'made']);
  expect(readdirSync(join(ben, '.ssp', 'tmp'))).toEqual([]);
});

it('says what is wrong with the name of a remote', async () => {
  const { anna } = lab();
  expect(await ssp(anna, ['push', 's.ssp'])).toMatchObject({
    code: 2,
    err: expect.stringMatching(/no remote was named[\s\S]*SSP_REMOTE/),
  });
  expect(await ssp(anna, ['pull', 's.ssp', '--from', 'nowhere'])).toMatchObject({
    code: 1,
    err: expect.stringMatching(/the remote nowhere is not there[\s\S]*mkdir -p/),
  });
  expect(await ssp(anna, ['pull', 's.ssp', '--from', 'ftp://x'])).toMatchObject({
    code: 2,
    err: expect.stringMatching(/there is no kind ftp[\s\S]*ssh:\/\/HOST\/PATH/),
  });
  expect(await ssp(anna, ['pull', 's.ssp', '--from', 'file:///nfs/lab'])).toMatchObject({
    code: 2,
    err: expect.stringContaining('a folder is named by its path: `/nfs/lab`'),
  });
  for (const words of ['run', 'run s.ssp', 'pull s.ssp']) {
    const done = await ssp(anna, [...words.split(' '), '--from', 'nothere.html']);
    expect(done).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^ssp: there is no bundle nothere.html\n/),
    });
  }
});
