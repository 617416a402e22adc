import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createRng } from '../../src/tensor/rng.js';
import { croppedViews, freshFolder, syntheticPairs } from '../library/synthetic.js';

const script = new URL('pretrain-once.mjs', import.meta.url).pathname;
const pairs = syntheticPairs().digest;
/** As many kills, too: where the machine becomes quicker meanwhile, some runs are through before theirs. */
const least = 5;
const most = 15;

interface Run {
  readonly output: string;
  /** Milliseconds from the end of the first step to the end. */
  readonly took: number;
}

/** Runs the training; with `killAfter` milliseconds after its first step it is killed, if it still runs. */
async function pretrain(
  method: string,
  folders: { readonly out: string; readonly checkpoint: string },
  killAfter?: number,
): Promise<Run & { readonly killed: boolean }> {
  const args = { method, pairs, view: croppedViews.views[0], ...folders };
  const child = spawn(process.execPath, [script, JSON.stringify(args)], { stdio: 'pipe' });
  let output = '';
  let begun = performance.now();
  let kill: Promise<void> | undefined;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    if (kill !== undefined || !output.includes('step')) return;
    begun = performance.now();
    kill =
      killAfter === undefined
        ? Promise.resolve()
        : wait(killAfter).then(() => void child.kill('SIGKILL'));
  });
  const signal = await new Promise<NodeJS.Signals | null>((resolve) => {
    child.on('close', (_, name) => resolve(name));
  });
  return { output, took: performance.now() - begun, killed: signal === 'SIGKILL' };
}

function digest(folder: string): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(folder).sort()) {
    hash.update(name).update(readFileSync(join(folder, name)));
  }
  return hash.digest('hex');
}

for (const method of ['simclr', 'byol']) {
  it(`ends in the same bytes as unbroken after kill -9 at random moments: ${method} by LARS`, async () => {
    const unbroken = { out: freshFolder(), checkpoint: freshFolder() };
    const { took } = await pretrain(method, unbroken);
    const bytes = digest(unbroken.out);
    const state = digest(unbroken.checkpoint);
    const rng = createRng(1, 'kill', method);
    let kills = 0;
    let resumed = 0;
    let trials = 0;
    for (; trials < most && (trials < least || kills < least); trials++) {
      const checkpoint = freshFolder();
      // Killed again and again, later each time, until a run is through.
      for (let part = 1; ; part++) {
        const out = freshFolder();
        const after = part > 3 ? undefined : took * rng.uniform();
        const run = await pretrain(method, { out, checkpoint }, after);
        if (run.output.includes('going on after')) resumed++;
        if (run.killed) {
          kills++;
          continue;
        }
        expect(digest(out)).toBe(bytes);
        expect(digest(checkpoint)).toBe(state);
        break;
      }
    }
    console.log(
      `${method}: ${trials} trials, ${kills} kills, ${resumed} runs that went on, one digest ${bytes.slice(0, 12)}`,
    );
    expect(kills).toBeGreaterThanOrEqual(least);
    expect(resumed).toBeGreaterThan(0);
  });
}
