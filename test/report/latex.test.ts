import { expect, it } from 'vitest';
import type { Cell, Table } from '../../src/execute/record.js';
import { escapeLatex, latexOfDoc } from '../../src/report/latex/escape-latex.js';
import { latexNumber } from '../../src/report/latex/latex-number.js';
import { latexTable } from '../../src/report/latex/latex-table.js';
import { unitScale } from '../../src/report/numbers/unit-scale.js';
import { bestCells } from '../../src/report/tables/best-cells.js';
import { readTable } from '../../src/report/tables/table-reading.js';
import { cell, table } from './fixture.js';

function latex(of: Table): string {
  const reading = readTable(of);
  const labels = new Map([['side', new Set(['left', 'right'])]]);
  const best = bestCells(of, reading, { labels, trained: undefined });
  return latexTable({ table: of, shown: of, reading, ...best, slug: 'fixture', figure: undefined });
}

it('writes a table as reviewed', async () => {
  const published = [
    { row: 0, column: 0, value: 0.5125, unit: 'Fraction', source: 'A & B' },
  ] as const;
  await expect(latex({ ...table, published })).toMatchFileSnapshot('fixtures/table.tex');
});

it('takes no label for an argument of the line before', () => {
  const rows = [['[1, 2]'], ['*']];
  const text = latex({ ...table, rowAxes: ['w'], rows, cells: table.cells.slice(0, 2) });
  expect(text).toContain('\n{}[1, 2] &');
  expect(text).toContain('\n{}* &');
});

it('says the unit of published values where there are none of ours', () => {
  const value = { row: 0, column: 0, value: 0.836, unit: 'Fraction', source: 'paper' } as const;
  const text = latex({
    ...table,
    cells: table.cells.map((row) => row.map(() => undefined)),
    published: [value],
  });
  expect(text).toContain('{published (\\%)}');
});

it('gives two digits of the uncertainty, and the mean to the same place', () => {
  const text = (values: readonly number[], unit: Cell['unit'] = 'Fraction', sign = false) =>
    latexNumber(cell(values, unit), unitScale(unit, values), sign)?.text;
  expect(text([0.5, 0.52, 0.51])).toBe('51.0 \\pm 1.0');
  expect(text([0.5001, 0.5002])).toBe('50.0150 \\pm 0.0071');
  expect(text([0.2, 0.6])).toBe('40 \\pm 28');
  expect(text([0.8359])).toBe('83.6');
  expect(text([0.1, 0.12], 'FractionDifference', true)).toBe('+11.0 \\pm 1.4');
  expect(text([-0.001, 0.001], 'FractionDifference', true)).toBe('0.00 \\pm 0.14');
  expect(text([0.4, 0.5408])).toBe('47 \\pm 10');
  expect(text([3600, 7200], 'Duration')).toBe('1.50 \\pm 0.71');
  expect(text([0.012345], 'Float')).toBe('0.01235');
  expect(text([Number.POSITIVE_INFINITY, 1])).toBe(undefined);
});

it('escapes what LaTeX would read, and spells what it cannot print', () => {
  expect(escapeLatex('50% of R&D_a #1 {$x^2$} ~\\n')).toBe(
    '50\\% of R\\&D\\_a \\#1 \\{\\$x\\textasciicircum{}2\\$\\} \\textasciitilde{}\\textbackslash{}n',
  );
  expect(escapeLatex('a--b – ± café 猫')).toBe("a-{}-b -- $\\pm$ caf\\'{e} \\texttt{U+732B}");
  expect(latexOfDoc('A *new* **one** of `a_b`.\n\n- x\n- <b>')).toBe(
    'A \\emph{new} \\textbf{one} of \\texttt{a\\_b}. x \\textless{}b\\textgreater{}',
  );
});

it('writes the usual signs and every letter that LaTeX composes', () => {
  expect(escapeLatex('It’s “x” ‘y’ • §3 5 € ½')).toBe(
    "It's ``x'' \\textquoteleft{}y' \\textbullet{} \\S{}3 5 \\texteuro{} $\\frac{1}{2}$",
  );
  expect(escapeLatex('ΔΣπθρ ↑↓← √ x₂ Α ά')).toBe(
    '$\\Delta$$\\Sigma$$\\pi$$\\theta$$\\rho$ $\\uparrow$$\\downarrow$$\\leftarrow$ $\\surd$ x$_{2}$ $\\mathrm{A}$ $\\acute{\\alpha}$',
  );
  expect(escapeLatex('ć ğ ő ů ț ế ệ İ ı ĩ')).toBe(
    "\\'{c} \\u{g} \\H{o} \\r{u} \\textcommabelow{t} $\\acute{\\mbox{\\^{e}}}$ \\d{\\^{e}} \\.{I} \\i{} \\~{\\i}",
  );
  expect(escapeLatex('ę đ ﬁ')).toBe(
    '{\\fontencoding{T1}\\selectfont\\k{e}} {\\fontencoding{T1}\\selectfont\\dj} fi',
  );
  expect(escapeLatex('é'.normalize('NFD'))).toBe("\\'{e}");
  expect(escapeLatex('Łæß ǿ')).toBe("\\L{}\\ae{}\\ss{} \\'{\\o{}}");
  expect(escapeLatex('q\u0303 soft\u00adhyphen \u2600\ufe0f')).toBe(
    '\\~{q} softhyphen \\texttt{U+2600}',
  );
  expect(escapeLatex('a-–b ,, ?“')).toBe('a-{}--b ,{}, ?{}``');
  expect(latexOfDoc('`a_b` and `Győr`')).toBe(
    '\\texttt{a\\_b} and \\texttt{\\fontencoding{T1}\\selectfont{}Gy\\H{o}r}',
  );
});
