import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ssp } from '../support/ssp.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const token = 'hf_"q8Zr\\Yw2';

/** The files below a folder in which a text stands, as it is or as JSON has it. */
function filesWith(folder: string, text: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => {
      const content = readFileSync(path, 'utf8');
      return content.includes(text) || content.includes(JSON.stringify(text).slice(1, -1));
    });
}

const lines = (...all: readonly string[]): string => `${all.join('\n')}\n`;

it('hands secrets over to a command and a module, and keeps only a digest of them', async () => {
  const folder = temporaryFolder();
  writeFileSync(
    join(folder, 'give.mjs'),
    lines(
      "import { createHash } from 'node:crypto';",
      "import { writeFileSync } from 'node:fs';",
      "const digest = (text) => createHash('sha256').update(text).digest('hex');",
      'export const tell = (out, all) => writeFileSync(out + "/told.json", JSON.stringify(all.map(digest)));',
      'export function run({ params: { token, all, site }, out }) { tell(out, [token, ...all, site.pass]); }',
    ),
  );
  writeFileSync(
    join(folder, 'give-command.mjs'),
    lines(
      "import { tell } from './give.mjs';",
      'const [token, all, site, out] = process.argv.slice(2);',
      'tell(out, [token, ...JSON.parse(all), JSON.parse(site).pass]);',
    ),
  );
  const params = '(token: String, all: List[String], site: {url: String, pass: String})';
  writeFileSync(
    join(folder, 'study.ssp'),
    lines(
      `extern stage module${params} -> Files from "./give.mjs"`,
      `extern stage program${params} -> Files`,
      '  command "node give-command.mjs {token} {all} {site} {out}" reads: ["give-command.mjs", "give.mjs"]',
      '',
      'def both(given: String) { return module(given, all: ["plain", given], site: {url: "u", pass: given}) }',
      '',
      'train a = both(secret.HUB_TOKEN)',
      'let token = secret.HUB_TOKEN',
      'def perhaps(t: String? = none) { return both(t ?? "none") }',
      'train c = perhaps(token)',
      'train b = program(token, all: ["plain", token], site: {url: "u", pass: token})',
    ),
  );
  const env = { HUB_TOKEN: token };
  const said: string[] = [];
  const call = async (args: readonly string[], given: Readonly<Record<string, string>> = env) => {
    const { code, out, err } = await ssp(folder, args, { env: given });
    said.push(out, err);
    return { code, out, err };
  };
  expect(await call(['check', 'study.ssp'])).toMatchObject({
    code: 0,
    err: 'study.ssp: no mistakes\n',
  });
  const ran = await call(['run', 'study.ssp', '--json']);
  expect(ran).toMatchObject({ code: 0 });
  await call(['plan', 'study.ssp', '--json']);
  const told = filesWith(join(folder, '.ssp'), '["').filter((path) => path.includes('blobs'));
  expect(told).toHaveLength(1);
  const [first, plain, second, third] = JSON.parse(readFileSync(told[0] ?? '', 'utf8'));
  expect([second, third]).toEqual([first, first]);
  expect(plain).not.toBe(first);

  const again = await call(['plan', 'study.ssp']);
  expect(again.out).toContain('3 hit, 0 run');
  const other = await call(['why', 'study.ssp', 'a'], { HUB_TOKEN: 'another-secret' });
  expect(other.out).toMatch(/token +secret [0-9a-f]{12} → secret [0-9a-f]{12}/);
  expect(said.join('\n')).not.toContain('another-secret');

  const unset = await ssp(folder, ['plan', 'study.ssp'], { env: {} });
  expect(unset.out).toContain('HUB_TOKEN');
  expect(filesWith(folder, token)).toEqual([]);
  expect(said.join('\n')).not.toContain(token);
  expect(said.join('\n')).not.toContain(JSON.stringify(token).slice(1, -1));
}, 30_000);

it('masks secrets in what failures say', async () => {
  const folder = temporaryFolder();
  writeFileSync(
    join(folder, 'fail.mjs'),
    'export function run({ params }) { throw new Error("refused " + params.token); }\n',
  );
  writeFileSync(join(folder, 'fail.sh'), 'echo "refused $1" >&2\nexit 1\n');
  writeFileSync(
    join(folder, 'study.ssp'),
    lines(
      'extern stage module(token: String) -> Files from "./fail.mjs"',
      'extern stage program(token: String) -> Files command "sh fail.sh {token} {out}" reads: ["fail.sh"]',
      'train a = module(secret.HUB_TOKEN)',
      'train b = program(secret.HUB_TOKEN)',
    ),
  );
  const run = await ssp(folder, ['run', 'study.ssp', '--keep-going'], {
    env: { HUB_TOKEN: token },
  });
  expect(run.code).toBe(1);
  expect((run.out + run.err).match(/refused \*\*\*/g)?.length).toBeGreaterThanOrEqual(2);
  expect(run.out + run.err).not.toContain(token);
  const [, key = ''] =
    /"key": ?"([0-9a-f]{64})"/.exec(
      (await ssp(folder, ['plan', 'study.ssp', '--json'], { env: { HUB_TOKEN: token } })).out,
    ) ?? [];
  const store = ['--store', '.ssp'];
  const unset = await ssp(folder, ['exec-stage', key, ...store]);
  expect(unset.err).toContain('needs the secret HUB_TOKEN, which is not set');
  const other = await ssp(folder, ['exec-stage', key, ...store], { env: { HUB_TOKEN: 'other' } });
  expect(other.err).toContain('the secret HUB_TOKEN of `a` is another');
}, 30_000);

it('refuses all that would show a secret or compare it', async () => {
  const folder = temporaryFolder();
  const stage =
    'extern stage own(token: String, n: Int = 1) -> Metrics{top1: Fraction} command "own {token} {n} {out}"';
  const refused = async (...text: readonly string[]): Promise<string> => {
    writeFileSync(join(folder, 'study.ssp'), lines(stage, ...text));
    const { code, err, out } = await ssp(folder, ['check', 'study.ssp'], { env: { A: 'x' } });
    expect(code, text.join('\n')).not.toBe(0);
    return err + out;
  };
  const use = 'evaluate e = own(secret.A)';
  const help = 'a secret is handed over to a stage as a String, and to nothing else';
  expect(await refused('evaluate e = own("t") where secret.A == "x"')).toContain(help);
  expect(await refused('evaluate e = own(secret.A, n: secret.A)')).toContain(help);
  expect(await refused('evaluate e = own(secret.A + "x")')).toContain(help);
  expect(await refused(use, 'report r = table({a: secret.A, e: e.top1})')).toContain(help);
  expect(await refused(use, 'expect e.top1 > 1% and secret.A == "x"')).toContain(help);
  expect(
    await refused(
      'def d(t: String) { return own(if t == "x" then "a" else "b") }',
      'evaluate e = d(secret.A)',
    ),
  ).toContain(help);
  expect(
    await refused(
      'def d(t: String? = none) { return own(if t == "x" then "a" else "b") }',
      'evaluate e = d(secret.A)',
    ),
  ).toContain(help);
  expect(await refused('let x = secret')).toContain('name a variable: `secret.NAME`');

  writeFileSync(
    join(folder, 'study.ssp'),
    lines(
      stage,
      'def d(t: {a: String}) { return own(if t.a == "x" then "a" else "b") }',
      'evaluate e = d({a: secret.A})',
    ),
  );
  const part = await ssp(folder, ['plan', 'study.ssp'], { env: { A: 'x' } });
  expect(part.code).not.toBe(0);
  expect(part.out + part.err).toContain('secret');
}, 30_000);
