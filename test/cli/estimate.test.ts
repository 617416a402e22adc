import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ssp } from '../support/ssp.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const study = (program: string, n: number, more = '') => `
extern stage score(n: Int) -> Metrics{value: Int} command "sh ${program} {n} {out}${more}" reads: ["${program}"]
evaluate scored = score(${n})
`;
const program = 'echo "{\\"value\\": $1}" > $2/metrics.json\n';

it('estimates a command from runs of its program alone, whatever the stages of other files are called', async () => {
  const folder = temporaryFolder();
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  write('quick.sh', program);
  write('slow.sh', `sleep 0\n${program}`);
  write('one.ssp', study('quick.sh', 1));
  expect((await ssp(folder, ['run', 'one.ssp'])).code).toBe(0);
  const planned = async (text: string) => {
    write('other.ssp', text);
    return (await ssp(folder, ['plan', 'other.ssp'])).out;
  };
  expect(await planned(study('quick.sh', 2))).toContain('estimate for 1 point, from like ones');
  expect(await planned(study('quick.sh', 2, ' --more'))).toContain('estimate for 1 point');
  expect(await planned(study('slow.sh', 2))).not.toContain('from like ones');
}, 60_000);
