import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

/** A driver of its own process, and what it has said. */
export interface Driver {
  readonly said: () => string;
  readonly kill: (signal: NodeJS.Signals) => void;
  readonly ended: Promise<number | null>;
}

/** A study of many short commands in a folder of its own, which notes when each begins and ends. */
export function study(env: Readonly<Record<string, string>>, points: number, site = '') {
  const at = mkdtempSync(join(tmpdir(), 'ssp-study-'));
  const noted = join(at, 'noted');
  writeFileSync(join(at, 'ssp.yaml'), `slurm:\n  poll: 5\n  grace: 20\n${site}`);
  writeFileSync(
    join(at, 'work.sh'),
    `key=$(expr "$3" : '.*/tmp/\\([0-9a-f]*\\)@')
# A point that has a result must never begin again.
if [ -z "$key" ] || ls "$STORE"/records/*/"$key.json" > /dev/null 2>&1; then echo "again $1 $key" >> "$NOTED"; fi
echo "start $1 $SLURMD_NODENAME $CUDA_VISIBLE_DEVICES" >> "$NOTED"
sleep "$2"
echo "{\\"value\\": $1}" > "$3/metrics.json"
echo "end $1" >> "$NOTED"
`,
  );
  writeFileSync(
    join(at, 'study.ssp'),
    `extern stage point(n: Int, seconds: Float = 0.5) -> Metrics{value: Int}
  command "sh work.sh {n} {seconds} {out}"
  reads: ["work.sh"]

param seconds: Float = 0.5
axis n = 1..${points}
evaluate result = point(n, seconds)
report all = table(mean(result.value, over: n))
`,
  );
  const lines = (): readonly string[] =>
    existsSync(noted) ? readFileSync(noted, 'utf8').trim().split('\n') : [];
  const drivers: ChildProcess[] = [];
  return {
    at,
    write: (name: string, text: string) => writeFileSync(join(at, name), text),
    /** With drivers that a test which failed has left. */
    remove: () => {
      for (const driver of drivers) driver.kill('SIGKILL');
      rmSync(at, { recursive: true, force: true });
    },
    lines,
    ends: () => lines().filter((line) => line.startsWith('end ')),
    drive: (...words: readonly string[]): Driver => {
      const child: ChildProcess = spawn(process.execPath, [main, ...words], {
        cwd: at,
        env: {
          ...process.env,
          ...env,
          NO_COLOR: '1',
          SSP_STORE: '',
          NOTED: noted,
          STORE: join(at, '.ssp'),
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      drivers.push(child);
      let said = '';
      for (const stream of [child.stdout, child.stderr]) {
        stream?.on('data', (chunk) => {
          said += chunk;
        });
      }
      return {
        said: () => said,
        kill: (signal) => child.kill(signal),
        ended: new Promise((resolve) => child.on('close', resolve)),
      };
    },
  };
}

/** Waits until something holds. */
export async function until(what: string, holds: () => boolean, seconds = 1200): Promise<void> {
  for (const end = Date.now() + seconds * 1000; !holds(); await sleep(500)) {
    if (Date.now() > end) throw new Error(`gave up after ${seconds} s: ${what}`);
  }
}
