import { readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { temporaryFolder } from '../support/temporary-folder.js';

const dist = realpathSync(fileURLToPath(new URL('../../dist', import.meta.url)));

/** A module of the built command, for this process: a start of Node for each of many runs would take a minute. */
export const built = (path: string) => import(pathToFileURL(join(dist, 'cli', path)).href);

/** Scores by a program that reads a file and is told a variable of the environment. */
export const study = `param offset: Int = 0
axis n = 1..3
extern stage score(n: Int, offset: Int, of: Path, name: String) -> Metrics{value: Int} command "sh score.sh {n} {offset} {of} {out} {name}" reads: ["score.sh"]
evaluate scored = score(n, offset, file("input.txt"), env.SSP_TEST_NAME)
report values = table({value: scored.value}, rows: n)
`;
export const script = 'echo "{\\"value\\": $(($1 * 10 + $2 + $(cat $3)))}" > $4/metrics.json\n';

/** A fresh folder with that study, `s.ssp`, and its store beside it. */
export function scoresLab(text = study) {
  const at = temporaryFolder();
  const write = (name: string, content: string) => writeFileSync(join(at, name), content);
  write('s.ssp', text);
  write('score.sh', script);
  write('input.txt', '100\n');
  const env: Record<string, string> = { ...process.env, SSP_STORE: '', SSP_TEST_NAME: 'one' };
  const path = (...parts: readonly string[]) => join(at, '.ssp', ...parts);
  return {
    at,
    env,
    write,
    path,
    /** What a command speaks to: it hears all that is said. */
    ioTo: (hear: { out(text: string): void; err(text: string): void }) => ({
      cwd: at,
      env,
      colour: { out: false, err: false },
      width: 100,
      live: false,
      ...hear,
    }),
    /** Records that the last whole run used. */
    records: () => {
      const lock = readFileSync(join(at, 's.ssp.lock'), 'utf8');
      const keys = [...lock.matchAll(/key: ([0-9a-f]{64})/g)].map(([, key = '']) => key);
      return keys.map((key) => path('records', key.slice(0, 2), `${key}.json`));
    },
  };
}
