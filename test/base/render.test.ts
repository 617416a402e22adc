import { expect, it } from 'vitest';
import type { Diagnostic } from '../../src/base/diagnostic.js';
import { render, toJson } from '../../src/base/render.js';
import type { SourceFile } from '../../src/base/source.js';

const file: SourceFile = {
  path: 'a.ssp',
  text: 'let a = 1\n\tlet 漢字 = bad\nlet c = f(\n\n  1,\n  2,\n  3,\n  4,\n  5,\n)\n',
};

function at(start: number, end: number, more: Partial<Diagnostic> = {}): Diagnostic {
  return { code: 'x', severity: 'error', message: 'm', span: { file, start, end }, ...more };
}

const bad = file.text.indexOf('bad');

it('points at a place behind tabs and wide characters', () => {
  expect(render([at(bad, bad + 3)])).toBe(
    `error[x]: m\n --> a.ssp:2:11\n2 |     let 漢字 = bad\n  |${' '.repeat(16)}^^^\n`,
  );
});

it('points behind the last character for an empty span', () => {
  const end = file.text.indexOf('\n');
  expect(render([at(end, end)])).toContain('1 | let a = 1\n  |          ^\n');
});

it('shows the ends of a span over many lines', () => {
  const start = file.text.indexOf('f(');
  expect(render([at(start, file.text.length - 1)])).toBe(
    [
      'error[x]: m',
      '  --> a.ssp:3:9',
      ' 3 | let c = f(',
      '   |         ^^',
      ' 4 |',
      ' 5 |   1,',
      '   |   ^^',
      '   | … 2 lines',
      ' 8 |   4,',
      '   |   ^^',
      ' 9 |   5,',
      '   |   ^^',
      '10 | )',
      '   | ^',
      '',
    ].join('\n'),
  );
});

it('shows related places and help', () => {
  const related = [{ span: { file, start: 4, end: 5 }, message: 'declared here' }];
  const text = render([at(bad, bad + 3, { severity: 'warning', help: 'do it', related })]);
  expect(text).toContain('warning[x]: m');
  expect(text).toContain('  note: declared here\n --> a.ssp:1:5\n1 | let a = 1\n  |     ^\n');
  expect(text.endsWith('  help: do it\n')).toBe(true);
});

it('shows the part of a long line that matters', () => {
  const long: SourceFile = { path: 'b.ssp', text: `${'a'.repeat(300)}!${'b'.repeat(300)}` };
  const lines = render([at(0, 0, { span: { file: long, start: 300, end: 301 } })]).split('\n');
  expect(lines[2]).toContain('…aaa');
  expect(lines[2]?.length).toBeLessThan(130);
  expect(lines[2]?.indexOf('!')).toBe(lines[3]?.indexOf('^'));
});

it('colours only when asked to', () => {
  expect(render([at(0, 3)])).not.toContain('\u001b');
  expect(render([at(0, 3)], { color: true })).toContain('\u001b[31m');
  expect(render([])).toBe('');
});

it('gives plain data', () => {
  expect(toJson(at(bad, bad + 3, { help: 'do it' }))).toEqual({
    code: 'x',
    severity: 'error',
    message: 'm',
    file: 'a.ssp',
    start: { line: 2, column: 11 },
    end: { line: 2, column: 14 },
    help: 'do it',
    related: [],
    fixes: [],
  });
});

it('shows control characters as pictures, so that no file drives a terminal', () => {
  const odd: SourceFile = {
    path: 'a\u001b[1m.ssp',
    text: 'let a = "\u001b[31m\u009b\u007f" bad\n',
  };
  const start = odd.text.indexOf('bad');
  const diagnostic = at(0, 0, { message: 'found\n`\u001b]0;t\u0007`', help: 'no \u001b[2J' });
  expect(render([{ ...diagnostic, span: { file: odd, start, end: start + 3 } }])).toBe(
    [
      'error[x]: found',
      '`␛]0;t␇`',
      ' --> a␛[1m.ssp:1:19',
      '1 | let a = "␛[31m\ufffd␡" bad',
      '  |                   ^^^',
      '  help: no ␛[2J',
      '',
    ].join('\n'),
  );
});
