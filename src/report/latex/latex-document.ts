import { differenceUnit } from '../../execute/findings/unit-of.js';
import type { Comparison } from '../../execute/record.js';
import type { ReportContent } from '../content.js';
import { cellText, numberText, printedText, printPublished } from '../numbers/format-number.js';
import { escapeLatex, latexCode, latexOfDoc } from './escape-latex.js';

/** A document that shows all tables of a report, to look at and to take the preamble from. */
export function latexDocument(
  { headline, lead, input }: Pick<ReportContent, 'headline' | 'lead' | 'input'>,
  tables: readonly string[],
): string {
  const { comparisons } = input.findings;
  return [
    '\\documentclass{article}',
    '\\usepackage[a4paper, margin = 2cm]{geometry}',
    '\\usepackage{booktabs, siunitx, graphicx}',
    '\\begin{document}',
    `\\section*{${escapeLatex(headline)}}`,
    ...(lead === '' ? [] : [latexOfDoc(lead)]),
    ...tables.map((file) => `\\input{${file}}`),
    ...(comparisons.length === 0 ? [] : [publishedTable(comparisons)]),
    '\\end{document}',
    '',
  ].join('\n');
}

/** Every published value beside ours, by its source. */
function publishedTable(comparisons: readonly Comparison[]): string {
  const sources = [...new Set(comparisons.map(({ source }) => source))];
  const rows = sources.flatMap((source) => [
    `\\multicolumn{4}{@{}l}{${escapeLatex(source)}} \\\\`,
    ...comparisons.filter((c) => c.source === source).map(publishedRow),
  ]);
  return [
    '\\begin{table}[htbp]',
    '\\centering',
    '\\caption{Published values beside ours.}',
    '\\label{tab:published}',
    '\\resizebox{\\ifdim\\width>\\linewidth\\linewidth\\else\\width\\fi}{!}{%',
    '\\begin{tabular}{@{}lrrr@{}}',
    '\\toprule',
    'Value & Published & Ours & Difference \\\\',
    '\\midrule',
    ...rows,
    '\\bottomrule',
    '\\end{tabular}}',
    '\\end{table}',
  ].join('\n');
}

function publishedRow({ text, published, unit, ours }: Comparison): string {
  const kind = ours?.unit ?? unit ?? 'Float';
  const mine = ours ? cellText(ours) : '–';
  const difference = ours
    ? numberText(ours.mean - published, differenceUnit(kind), true).replace(/^-/, '−')
    : '–';
  const cells = [printedText(printPublished(published, kind)), mine, difference].map(escapeLatex);
  return `${latexCode(text)} & ${cells.join(' & ')} \\\\`;
}
