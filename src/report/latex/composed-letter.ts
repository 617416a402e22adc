import { own } from '../../base/own.js';
import { COMMANDS, GREEK } from './characters.js';

/** A mark above a letter: the accents of text and of mathematics that set it. */
const ABOVE: Readonly<Record<string, readonly [string, string | undefined]>> = {
  '\u0300': ['`', 'grave'],
  '\u0301': ["'", 'acute'],
  '\u0302': ['^', 'hat'],
  '\u0303': ['~', 'tilde'],
  '\u0304': ['=', 'bar'],
  '\u0306': ['u', 'breve'],
  '\u0307': ['.', 'dot'],
  '\u0308': ['"', 'ddot'],
  '\u030a': ['r', 'mathring'],
  '\u030b': ['H', undefined],
  '\u030c': ['v', 'check'],
};

const OGONEK = '\u0328';

/** Marks below a letter. */
const BELOW: Readonly<Record<string, string>> = {
  '\u0323': 'd',
  '\u0326': 'textcommabelow',
  '\u0327': 'c',
  [OGONEK]: 'k',
  '\u0331': 'b',
};

/**
 * A letter with its marks as LaTeX composes it: `\'{c}`, `\d{\^{e}}`; undefined where it has no glyph for one of them.
 * A second mark above stands in mathematics, as text sets it beside the first.
 */
export function composedLetter(letter: string): string | undefined {
  const [base = '', ...marks] = [...letter.normalize('NFD')];
  if (marks.length === 0) return undefined;
  if (base in GREEK) return greekLetter(base, marks);
  if (!/^[A-Za-zÆæØøŒœ]$/.test(base)) return undefined;
  const below = marks.filter((mark) => mark in BELOW);
  const above = marks.filter((mark) => !(mark in BELOW));
  const isDotless = above.length > 0 && /^[ij]$/.test(base);
  let text = isDotless ? `\\${base}` : (own(COMMANDS, base) ?? base);
  for (const [i, mark] of above.entries()) {
    const [accent, inMaths] = ABOVE[mark] ?? [];
    if (accent === undefined || (i > 0 && inMaths === undefined)) return undefined;
    text = i === 0 ? `\\${accent}{${text}}` : `$\\${inMaths}{\\mbox{${text}}}$`;
  }
  for (const mark of below) text = `\\${BELOW[mark]}{${text}}`;
  return below.includes(OGONEK) ? inT1(text) : text;
}

function greekLetter(base: string, marks: readonly string[]): string | undefined {
  let text = GREEK[base] ?? '';
  for (const mark of marks) {
    const [, accent] = ABOVE[mark] ?? [];
    if (accent === undefined) return undefined;
    text = `\\${accent}{${text}}`;
  }
  return `$${text}$`;
}

/** Text in fonts of the encoding T1, which every LaTeX has, whatever the document is set in. */
export const inT1 = (text: string): string => `{\\fontencoding{T1}\\selectfont${spaced(text)}}`;

/** A command of letters ends at a brace or a space alone. */
const spaced = (text: string): string => (/^[\\]/.test(text) ? text : ` ${text}`);
