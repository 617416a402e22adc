import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { withInstallLock } from '../../src/runtime/install-lock.js';
import { readManifest } from '../../src/runtime/manifest.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { tinyRuntime } from './tiny-runtime.js';

/** A real process that runs the built code on a tiny runtime; `slow` is how long its download takes. */
function installer({ env, recipe, wheel, root }: ReturnType<typeof tinyRuntime>, slow: number) {
  const module = join(import.meta.dirname, '../../dist/runtime/install.js');
  const script = join(root, 'installer.mjs');
  writeFileSync(
    script,
    `import { appendFileSync, copyFileSync, writeFileSync } from 'node:fs';
import { installRuntime } from ${JSON.stringify(module)};
const note = (text) => appendFileSync(${JSON.stringify(join(root, 'notes'))}, text + '\\n');
const recipe = ${JSON.stringify(recipe)};
await installRuntime({
  env: ${JSON.stringify(env)},
  recipe,
  onProgress: ({ phase }) => process.send?.(phase),
  steps: {
    checkPlatform: () => {},
    fetchWheel: async ({ folder }) => {
      note('fetch');
      await new Promise((done) => setTimeout(done, Number(process.argv[2])));
      copyFileSync(${JSON.stringify(wheel)}, folder + '/' + recipe.wheel.file);
      return folder + '/' + recipe.wheel.file;
    },
    compileBinding: async ({ output }) => writeFileSync(output, 'binding'),
    smokeTest: async () => ({ version: '9.9.9', device: 'cpu' }),
  },
});
process.disconnect();
`,
  );
  const child = fork(script, [String(slow)]);
  const phases: unknown[] = [];
  child.on('message', (phase) => phases.push(phase));
  const ended = once(child, 'exit');
  const reaches = async (phase: string) => {
    while (!phases.includes(phase)) {
      const message = once(child, 'message').then(() => undefined);
      const end = await Promise.race([message, ended]);
      if (end !== undefined) throw new Error(`the installer ended before ${phase}`);
    }
  };
  return { child, phases, reaches, ended };
}

it('lets one of two processes work; the other waits and finds the runtime ready', async () => {
  const tiny = tinyRuntime();
  const first = installer(tiny, 800);
  await first.reaches('download');
  const second = installer(tiny, 0);
  const ends = await Promise.all([first.ended, second.ended]);
  expect(ends.map(([code]) => code)).toEqual([0, 0]);
  expect(second.phases).toEqual(['wait', 'ready']);
  expect(readFileSync(join(tiny.root, 'notes'), 'utf8')).toBe('fetch\n');
});

it('goes on when the process that works is killed', async () => {
  const tiny = tinyRuntime();
  const first = installer(tiny, 60_000);
  await first.reaches('download');
  const second = installer(tiny, 0);
  await second.reaches('wait');
  first.child.kill('SIGKILL');
  const [code] = await second.ended;
  expect(code).toBe(0);
  expect(second.phases.at(-1)).toBe('ready');
  const [folder, ...rest] = readdirSync(tiny.cache);
  expect(rest).toEqual([]);
  expect(readManifest(join(tiny.cache, folder ?? ''))).toMatchObject({ tensorflow: '9.9.9' });
});

it('takes over at once a lock whose process is gone or whose pid is another process now', async () => {
  const path = join(temporaryFolder(), 'lock');
  let holder = '';
  await withInstallLock(path, async () => {
    holder = readFileSync(path, 'utf8');
  });
  expect(existsSync(path)).toBe(false);
  const old = { ...JSON.parse(holder), id: 'old' };
  for (const dead of [
    { ...old, pid: 2 ** 30 },
    { ...old, started: '1' },
  ]) {
    writeFileSync(path, JSON.stringify(dead));
    expect(await withInstallLock(path, async () => 'done')).toBe('done');
    expect(existsSync(path)).toBe(false);
  }
});

it("waits for another machine's lock while it is touched, and takes it over when silent", async () => {
  const path = join(temporaryFolder(), 'lock');
  const elsewhere = { id: 'x', place: 'another machine', pid: process.pid, started: '1' };
  writeFileSync(path, JSON.stringify(elsewhere));
  let touches = 0;
  const touch = setInterval(() => {
    touches++;
    const now = new Date();
    if (touches <= 10) utimesSync(path, now, now);
  }, 40);
  let waited = 0;
  await withInstallLock(
    path,
    async () => {
      expect(touches).toBeGreaterThan(10);
    },
    {
      timing: { pollMs: 20, touchMs: 1000, silentMs: 300 },
      onWait: () => {
        waited++;
      },
    },
  );
  clearInterval(touch);
  expect(waited).toBe(1);
});

it('admits one at a time, however many come at once', async () => {
  const path = join(temporaryFolder(), 'lock');
  let inside = 0;
  let most = 0;
  const timing = { pollMs: 1, touchMs: 1000, silentMs: 60_000 };
  const visit = () =>
    withInstallLock(
      path,
      async () => {
        most = Math.max(most, ++inside);
        await sleep(2);
        inside--;
      },
      { timing },
    );
  await Promise.all(Array.from({ length: 20 }, visit));
  expect(most).toBe(1);
});

it('stops waiting when told to', async () => {
  const path = join(temporaryFolder(), 'lock');
  const stop = new AbortController();
  await withInstallLock(path, async () => {
    const waiting = withInstallLock(path, async () => 'never', {
      signal: stop.signal,
      onWait: () => stop.abort(new Error('enough')),
    });
    await expect(waiting).rejects.toThrow('enough');
  });
});
