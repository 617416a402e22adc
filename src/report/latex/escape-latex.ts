import { Marked, type Token, type Tokens } from 'marked';
import { printable } from '../escape.js';

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '{': '\\{',
  '}': '\\}',
  $: '\\$',
  '&': '\\&',
  '#': '\\#',
  '%': '\\%',
  _: '\\_',
  '^': '\\textasciicircum{}',
  '~': '\\textasciitilde{}',
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  '|': '\\textbar{}',
  '`': '\\textasciigrave{}',
  '"': "''",
  '–': '--',
  '—': '---',
  '…': '\\ldots{}',
};

/** Characters that stand in mathematics. */
const MATHS: Readonly<Record<string, string>> = {
  '±': '\\pm',
  '−': '-',
  '×': '\\times',
  '·': '\\cdot',
  '≤': '\\le',
  '≥': '\\ge',
  '≠': '\\ne',
  '≈': '\\approx',
  '→': '\\to',
  '∞': '\\infty',
  '°': '^{\\circ}',
  '²': '^{2}',
  '³': '^{3}',
  α: '\\alpha',
  β: '\\beta',
  γ: '\\gamma',
  δ: '\\delta',
  ε: '\\varepsilon',
  λ: '\\lambda',
  μ: '\\mu',
  µ: '\\mu',
  σ: '\\sigma',
  τ: '\\tau',
};

/**
 * Text as LaTeX that shows it, for any engine and without packages. Letters with accents stay, as
 * LaTeX reads UTF-8; a character that plain LaTeX has no glyph for becomes its number, `U+4E00`.
 */
export function escapeLatex(text: string): string {
  return [...printable(text).replace(/\s+/g, ' ')]
    .map((character, i, all) => {
      // two hyphens would become a dash
      if (character === '-' && all[i + 1] === '-') return '-{}';
      const escaped = ESCAPES[character];
      if (escaped !== undefined) return escaped;
      const maths = MATHS[character];
      if (maths !== undefined) return `$${maths}$`;
      if (/[\x20-\x7e]/.test(character) || LETTERS.test(character)) return character;
      const code = character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0');
      return `\\texttt{U+${code}}`;
    })
    .join('');
}

/** Letters that LaTeX composes from what Computer Modern has. */
const LETTERS = /[ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝßàáâãäåæçèéêëìíîïñòóôõöøùúûüýÿŁłŒœŠšŽžČčŘřÿ]/;

/** A doc comment (Markdown) as one paragraph of LaTeX; what Markdown makes besides text and emphasis is shown as text. */
export function latexOfDoc(doc: string): string {
  const blocks = new Marked({ gfm: true }).lexer(doc);
  return blocks
    .flatMap((block) => ('tokens' in block && block.tokens ? [inline(block.tokens)] : plain(block)))
    .filter((text) => text !== '')
    .join(' ');
}

/** Blocks without inline parts: lists by their items, all else as it is written. */
function plain(block: Token): readonly string[] {
  if (block.type === 'space' || block.type === 'hr') return [];
  if (block.type === 'list') {
    return (block as Tokens.List).items.map((item) => inline(item.tokens));
  }
  return [escapeLatex(block.raw.trim())];
}

function inline(tokens: readonly Token[]): string {
  return tokens
    .map((token) => {
      const inner = () =>
        'tokens' in token && token.tokens ? inline(token.tokens) : escapeLatex(textOf(token));
      if (token.type === 'strong') return `\\textbf{${inner()}}`;
      if (token.type === 'em') return `\\emph{${inner()}}`;
      if (token.type === 'codespan') return `\\texttt{${escapeLatex(textOf(token))}}`;
      if (token.type === 'br') return ' ';
      return inner();
    })
    .join('');
}

const textOf = (token: Token): string =>
  'text' in token && typeof token.text === 'string' ? token.text : token.raw;
