import { expect, it } from 'vitest';
import { compile } from '../../src/language/compile.js';

/** The files that a warning says are missing in `reads`, of a folder with these. */
function missing(
  command: string,
  there: Readonly<Record<string, 'file' | 'folder'>>,
  reads = '',
): readonly string[] {
  const text = `extern stage mine(a: Int) -> Files command ${JSON.stringify(command)}${reads}\ntrain e = mine(1)\n`;
  const { diagnostics } = compile(
    {
      readText: (path) => (path === 'study.ssp' ? text : undefined),
      kindOf: (path) => there[path],
    },
    'study.ssp',
  );
  return diagnostics
    .filter(({ code }) => code === 'file-not-in-reads')
    .map(({ span }) => text.slice(span.start, span.end));
}

it('finds files that a command names, however it does', () => {
  const there = {
    'run.sh': 'file',
    'src/fit.py': 'file',
    'conf.yaml': 'file',
    test: 'folder',
    'lib/a': 'folder',
  } as const;
  const found = (command: string) => missing(`${command} {a} {out}`, there);
  expect(found('sh run.sh')).toEqual(['run.sh']);
  expect(found('./run.sh')).toEqual(['./run.sh']);
  expect(found('python src/fit.py -c conf.yaml')).toEqual(['src/fit.py', 'conf.yaml']);
  expect(found('python ./src/fit.py --config=conf.yaml')).toEqual(['./src/fit.py', 'conf.yaml']);
  expect(found("sh -c 'cd . && sh run.sh > $1'")).toEqual(['run.sh']);
  expect(found('python -m src.fit')).toHaveLength(1);
  expect(found('cp -r lib/a/ b')).toEqual(['lib/a']);
  expect(found('python other.py --split test . ..')).toEqual([]);
});

it('is content with what `reads` names, itself or a folder around it', () => {
  const there = { 'src/fit.py': 'file', src: 'folder' } as const;
  const command = 'python src/fit.py {a} {out}';
  expect(missing(command, there, ' reads: ["src"]')).toEqual([]);
  expect(missing(command, there, ' reads: ["./src/fit.py"]')).toEqual([]);
});
