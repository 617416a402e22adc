import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { hashFile } from '../../src/execute/store/content.js';
import { Store } from '../../src/execute/store/store.js';
import { fileTerm, from, literal, num, program, stage } from '../plan/program-of.js';
import { folder } from './lab.js';

interface Drive {
  readonly killed: boolean;
  readonly results: readonly (readonly [id: string, outcome: string, digest: string | null])[];
  readonly operations: number;
  readonly code?: string;
}

const script = join(import.meta.dirname, 'fake-driver.js');

/** A driver in a process of its own; with a fault its disk dies or fills up. */
async function drive(at: string, store: string, fault?: object): Promise<Drive> {
  const args = [script, join(at, 'program.json'), store];
  try {
    const all = fault ? [...args, JSON.stringify(fault)] : args;
    const { stdout } = await promisify(execFile)(process.execPath, all);
    return { killed: false, ...JSON.parse(stdout) };
  } catch (error) {
    if ((error as { signal?: string }).signal === 'SIGKILL') {
      return { killed: true, results: [], operations: 0 };
    }
    throw error;
  }
}

/** A folder with a program of two stages, one of which reads a file. */
function study(): string {
  const at = folder();
  writeFileSync(join(at, 'list.csv'), 'a,b');
  const source = stage('source', 'Images', { list: fileTerm(literal(join(at, 'list.csv'))) });
  const reader = stage('reader', 'Metrics', { of: from(source), k: num(3) });
  writeFileSync(join(at, 'program.json'), JSON.stringify(program({ stages: [source, reader] })));
  return at;
}

const files = (root: string): readonly string[] => (existsSync(root) ? listed(root) : []);
const listed = (root: string): readonly string[] =>
  readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

/** Everything that a reader could see is whole. */
async function expectWhole(root: string): Promise<void> {
  for (const path of files(root)) {
    const [, kind, name = ''] = /\/(blobs|records)\/..\/([^/]+)$/.exec(path) ?? [];
    if (kind === 'blobs') expect(await hashFile(path)).toBe(name);
    if (kind === 'records') {
      const found = new Store(root).find(name.replace('.json', ''));
      expect(found.kind).toBe('hit');
    }
  }
}

/** Every so many of the operations: `faults.test.ts` has them all, as if the process were gone. */
const STEP = 3;

it('comes to the same results after a real kill at any write', async () => {
  const at = study();
  const whole = await drive(at, join(at, 'whole'), {});
  expect(whole.results.map(([, outcome]) => outcome)).toEqual(['ran', 'ran']);
  const digests = whole.results.map(([, , digest]) => digest);
  expect(whole.operations).toBeGreaterThan(40);
  let next = 1;
  const tryOne = async (): Promise<void> => {
    while (next <= whole.operations) {
      const n = next;
      next += STEP;
      const root = join(at, `killed-${n}`);
      expect((await drive(at, root, { at: n, how: 'kill' })).killed).toBe(true);
      await expectWhole(root);
      const again = await drive(at, root, {});
      expect(again.results.map(([, , digest]) => digest)).toEqual(digests);
      const left = files(root).filter((path) =>
        /^(tmp|\w+\/tmp|locks|checkpoints|quarantine)\//.test(relative(root, path)),
      );
      // A kill after the last result was published leaves nothing that a later run has to do.
      if (again.results.some(([, outcome]) => outcome === 'ran')) expect(left).toEqual([]);
    }
  };
  await Promise.all([tryOne(), tryOne(), tryOne()]);
}, 240_000);

it('says that the disk is full, and goes on when it is not', async () => {
  const at = study();
  for (const n of [1, 4, 12, 25, 40]) {
    const root = join(at, `full-${n}`);
    const full = await drive(at, root, { at: n, how: 'full' });
    const codes = [full.code, ...full.results.map(([, outcome]) => outcome)];
    expect(codes).toContain('disk-full');
    await expectWhole(root);
    const again = await drive(at, root);
    expect(again.results.every(([, outcome]) => outcome === 'ran' || outcome === 'hit')).toBe(true);
  }
});

/** Mounts a disk of some size; false where this process may not. */
function mounted(path: string, size: string): boolean {
  try {
    mkdirSync(path);
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', path], {
      stdio: 'ignore',
    });
  } catch {
    return false;
  }
  onTestFinished(() => void execFileSync('umount', [path]));
  return true;
}

it('says so on a disk that is really full', async ({ skip }) => {
  const at = study();
  for (const size of ['8k', '16k', '24k']) {
    const disk = join(at, size);
    if (!mounted(disk, size)) return skip('mounting a small disk needs root');
    const full = await drive(at, join(disk, 'store'));
    expect([full.code, ...full.results.map(([, outcome]) => outcome)]).toContain('disk-full');
    await expectWhole(join(disk, 'store'));
  }
});

it('lets two drivers share a store: each stage is done once', async () => {
  const at = study();
  const count = join(at, 'count');
  process.env.FAKE_COUNT = count;
  const root = join(at, 'shared');
  const both = await Promise.all([drive(at, root), drive(at, root)]);
  delete process.env.FAKE_COUNT;
  expect(both[0]?.results.map(([id, , digest]) => [id, digest])).toEqual(
    both[1]?.results.map(([id, , digest]) => [id, digest]),
  );
  expect(readFileSync(count, 'utf8').trim().split('\n')).toHaveLength(2);
});
