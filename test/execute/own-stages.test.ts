import { chmodSync, cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { fileHost } from '../../src/cli/study/file-host.js';
import type { Attempting } from '../../src/execute/schedule/executor.js';
import type { Store } from '../../src/execute/store/store.js';
import { commandWork } from '../../src/execute/worker/command-work.js';
import { execStage } from '../../src/execute/worker/exec-stage.js';
import { compile } from '../../src/language/compile.js';
import { loadModule } from '../../src/library/load.js';
import { folder, lab } from './lab.js';

/** Does stages of the user's own in this process. */
function ownWork(store: Store): Attempting {
  return async ({ task, log, onEvent }) => {
    try {
      const { outcome } = await execStage({
        key: task.key,
        store,
        onEvent,
        loadStage: async (_, code) => {
          if (!code) throw new Error('no code');
          return code.kind === 'command' ? commandWork(code) : loadModule(code.path);
        },
      });
      return { kind: 'done', outcome };
    } catch (error) {
      const { message } = error as Error;
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'stage-error';
      return { kind: 'failed', failure: { code, message, retry: false, log } };
    }
  };
}

/** A folder with files, and runs of its `study.ssp`; each run tells what was not a hit. */
function study(files: Readonly<Record<string, string>>) {
  const at = folder();
  const write = (changed: Readonly<Record<string, string>>) => {
    for (const [name, text] of Object.entries(changed)) writeFileSync(join(at, name), text);
  };
  write(files);
  const made = lab(ownWork);
  return {
    at,
    write,
    store: made.store,
    run: async () => {
      const { program, diagnostics } = compile(fileHost({ cwd: at }), 'study.ssp');
      if (!program) throw new Error(diagnostics.map((d) => `${d.code}: ${d.message}`).join('\n'));
      const result = await made.run(program, { cwd: at, keepGoing: true });
      const ran = result.outcomes.filter((o) => o.outcome === 'ran').map((o) => o.planned.id);
      const failed = result.outcomes.flatMap((o) => (o.failure ? [o.failure] : []));
      return { ran: ran.sort(), failed, outcomes: result.outcomes };
    },
  };
}

const fileOf = (store: Store, digest: string | undefined) =>
  readFileSync(store.blobPath(digest ?? ''), 'utf8');

it('runs the example: a module, a program, and a program that scores', async () => {
  const example = study({});
  cpSync(new URL('../../pipelines/own-stages/', import.meta.url).pathname, example.at, {
    recursive: true,
  });
  cpSync(join(example.at, 'own-stages.ssp'), join(example.at, 'study.ssp'));
  const first = await example.run();
  expect(first.failed).toEqual([]);
  expect(first.ran).toEqual([
    'model[steps=1]',
    'model[steps=200]',
    'points',
    'quality[steps=1]',
    'quality[steps=200]',
  ]);
  const model = first.outcomes.find((o) => o.planned.id === 'model[steps=1]')?.record?.output;
  const { note } = JSON.parse(fileOf(example.store, model?.files['model.json']?.digest));
  expect(note).toBe('as it is: $HOME | {}');
  expect((await example.run()).ran).toEqual([]);

  const points = join(example.at, 'lib/points.mjs');
  writeFileSync(points, `${readFileSync(points, 'utf8')}// changed\n`);
  const again = await example.run();
  // the points are the same, so what reads them is not made again; `lib` is read by the scores
  expect(again.ran).toEqual(['points', 'quality[steps=1]', 'quality[steps=200]']);
});

const one = (declaration: string, call: string) => ({
  'study.ssp': `extern stage mine${declaration}\n${call}\n`,
});

it('gives a module what a stage of the library gets', async () => {
  const { run, store } = study({
    ...one(
      '(share: Fraction, size: Pixels, wait: Duration, list: List[Int], crop: Range[Float], maybe: Int?, text: String = "d") -> Files from "./m.mjs"',
      'dataset d = mine(20%, 64px, 2min, [1, 2], 0.2..1.0, none)',
    ),
    'm.mjs': `import { writeFileSync } from 'node:fs';
export const run = async ({ params, out }) => writeFileSync(out + '/p.json', JSON.stringify(params));`,
  });
  const { outcomes, failed } = await run();
  expect(failed).toEqual([]);
  expect(JSON.parse(fileOf(store, outcomes[0]?.record?.output.files['p.json']?.digest))).toEqual({
    share: 0.2,
    size: 64,
    wait: 120,
    list: [1, 2],
    crop: { low: 0.2, high: 1 },
    maybe: null,
    text: 'd',
  });
});

it('passes every parameter as one argument, whatever is in it', async () => {
  const { run, store } = study({
    ...one(
      '(text: String, share: Fraction, on: Bool, list: List[Int], maybe: Int?, where: Path) -> Files\n  command "node args.mjs {out} \'{text}\' a{text}b {share} {on} {list} x{maybe} {where} {{}} $HOME *" reads: ["args.mjs"]',
      'dataset d = mine("a b\\"; rm -rf {out} $(x)", 20%, true, [1, 2], none, file("args.mjs"))',
    ),
    'args.mjs': `import { writeFileSync } from 'node:fs';
writeFileSync(process.argv[2] + '/args.json', JSON.stringify(process.argv.slice(3)));`,
  });
  const { outcomes, failed } = await run();
  expect(failed).toEqual([]);
  const args = JSON.parse(fileOf(store, outcomes[0]?.record?.output.files['args.json']?.digest));
  const text = 'a b"; rm -rf {out} $(x)';
  expect(args.slice(0, 6)).toEqual([text, `a${text}b`, '0.2', 'true', '[1,2]', 'x']);
  expect(existsSync(args[6]) || args[6].endsWith('/args.mjs')).toBe(true);
  expect(args.slice(7)).toEqual(['{}', '$HOME', '*']);
});

it('keeps the code in the key and the paths out of it', async () => {
  const files = (module: string, name = 'm.mjs') => ({
    ...one(`(k: Int = 5) -> Files from "./${name}"`, 'dataset d = mine()'),
    [name]: module,
  });
  const body = `import { writeFileSync } from 'node:fs';
export const run = async ({ out }) => writeFileSync(out + '/a', 'x');`;
  const { run, write } = study(files(body));
  expect((await run()).ran).toEqual(['d']);
  write(files(body, 'other.mjs'));
  expect((await run()).ran).toEqual([]);
  write(files(`${body}\n`));
  expect((await run()).ran).toEqual(['d']);
  write({
    'study.ssp':
      '@version(2) extern stage mine(k: Int = 5) -> Files from "./m.mjs"\ndataset d = mine()',
  });
  expect((await run()).ran).toEqual(['d']);
});

it('says that the interpreter of a program is not there, as where its lines end with a carriage return', async () => {
  const { run, at } = study({
    ...one('() -> Files command "./s.sh {out}" reads: ["s.sh"]', 'dataset d = mine()'),
    's.sh': '#!/bin/sh\r\n',
  });
  chmodSync(join(at, 's.sh'), 0o755);
  const [failure] = (await run()).failed;
  expect(failure?.message).toContain('its first line names is not there: "#!/bin/sh\\r"');
});

it('says how a command failed, with what it said last', async () => {
  const failing = async (command: string, script: string, result = 'Files', call = 'dataset d') => {
    const { run } = study({
      ...one(`() -> ${result} command "${command}" reads: ["s.mjs"]`, `${call} = mine()`),
      's.mjs': script,
    });
    const [failure] = (await run()).failed;
    return `${failure?.code}: ${failure?.message}`;
  };
  const node = 'node s.mjs {out}';
  expect(await failing(node, 'console.error("no GPU\\nat all"); process.exit(3)')).toBe(
    'command-failed: `node` ended with exit code 3; it said last:\nno GPU\nat all',
  );
  expect(await failing(node, '')).toContain('no-output: `node` ended well and left nothing');
  expect(await failing('no-such-program {out}', '')).toContain('there is no such program');
  expect(await failing('./s.mjs {out}', '')).toMatch(
    /`\.\/s\.mjs` cannot .*: it may not be executed/,
  );
  expect(await failing('/tmp {out}', '')).toContain('it is a folder');
  const metrics = (text: string) =>
    failing(
      node,
      `import { writeFileSync } from 'node:fs';\nwriteFileSync(process.argv[2] + '/metrics.json', '${text}')`,
      'Metrics{top1: Fraction}',
      'evaluate d',
    );
  expect(await failing(node, '', 'Metrics{top1: Fraction}', 'evaluate d')).toContain(
    'left no `metrics.json`',
  );
  expect(await metrics('{')).toContain('left a `metrics.json` that is no JSON');
  expect(await metrics('{"top1": NaN}')).toContain('has NaN as `top1`');
  expect(await metrics('{"top1": 0.5, "top1": 0.6}')).toContain('has the name "top1" twice');
  expect(await metrics('')).toContain('left a `metrics.json` that is empty');
  expect(await metrics('0.5')).toContain('left 0.5 as `metrics.json`');
  expect(await metrics('\\ufeff{"top1": 1.5}')).toContain('gave 1.5 as the metric');
  expect(await metrics('{"top1": "0.5"}')).toContain('gave the text "0.5" as the metric `top1`');
  expect(await metrics('{"top5": 0.5}')).toContain('gave the metric `top5`; declared are `top1`');
});

it('says what is wrong with a module', async () => {
  const failing = async (module: string) => {
    const { run } = study({
      ...one('() -> Files from "./m.mjs"', 'dataset d = mine()'),
      'm.mjs': module,
    });
    const [failure] = (await run()).failed;
    return `${failure?.code}: ${failure?.message}`;
  };
  expect(await failing('export const go = 1')).toContain('exports no function `run`');
  expect(await failing('import "./gone.mjs"')).toContain('cannot be loaded');
  expect(await failing('export const run = () => 5')).toMatch(/`run` of .*m\.mjs returned 5$/);
  expect(await failing('export const run = () => ({ metrics: [0.5] })')).toContain('as `metrics`');
  expect(await failing('export const run = () => ({ environment: { n: 3n } })')).toContain(
    'returned 3n as `environment.n`, no text or number',
  );
  expect(await failing('export const run = () => ({ metrics: { a: 1 } })')).toContain(
    'gave the metric `a`, and makes Files',
  );
  expect(await failing('export const run = () => { throw new Error("too bad") }')).toBe(
    'stage-error: too bad',
  );
});
