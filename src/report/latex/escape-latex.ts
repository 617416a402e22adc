import { Marked, type Token, type Tokens } from 'marked';
import { own } from '../../base/own.js';
import { printable } from '../escape.js';
import { COMMANDS, IN_T1, MATHS } from './characters.js';
import { composedLetter, inT1 } from './composed-letter.js';

/**
 * Text as LaTeX that shows it, for any engine, encoding and font, and without packages: letters with accents are
 * composed. A character that plain LaTeX has no glyph for becomes its number, `U+4E00`.
 */
export function escapeLatex(text: string): string {
  const plain = printable(text).replace(UNSEEN, '').replace(/\s+/g, ' ').normalize('NFC');
  const written = plain.replace(LIGATURES, (letters) => letters.normalize('NFKC'));
  return (written.match(/\P{M}\p{M}*|\p{M}+/gu) ?? []).map(escapeLetter).reduce(joined, '');
}

/** A character with the marks on it. */
function escapeLetter(letter: string): string {
  return composedLetter(letter) ?? [...letter].map(escapeCharacter).join('');
}

function escapeCharacter(character: string): string {
  const command = own(COMMANDS, character);
  if (command !== undefined) return command;
  const maths = own(MATHS, character);
  if (maths !== undefined) return `$${maths}$`;
  const letter = own(IN_T1, character);
  if (letter !== undefined) return inT1(letter);
  if (/[\x20-\x7e]/.test(character)) return character;
  const code = character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0');
  return `\\texttt{U+${code}}`;
}

/** Two hyphens would become a dash, two commas a quotation mark, and `?` before one another mark. */
const joined = (before: string, next: string): string =>
  /(--|,,|[!?]`)$/.test(before.slice(-1) + next.charAt(0))
    ? `${before}{}${next}`
    : `${before}${next}`;

/** Text as code. Typewriter fonts have letters of other alphabets than ASCII at their places in the encoding T1 alone. */
export function latexCode(text: string): string {
  const escaped = escapeLatex(text);
  const isPlain = /^[\x20-\x7e]*$/.test(text);
  return `\\texttt{${isPlain ? escaped : `\\fontencoding{T1}\\selectfont{}${escaped}`}}`;
}

/** Two letters in one character. */
const LIGATURES = /[\ufb00-\ufb06ĲĳĿŀŉǄ-ǌǱ-ǳ]/g;

/** What takes no place: soft hyphens, joiners, variation selectors. */
const UNSEEN = /\p{Default_Ignorable_Code_Point}/gu;

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
      if (token.type === 'codespan') return latexCode(textOf(token));
      if (token.type === 'br') return ' ';
      return inner();
    })
    .join('');
}

const textOf = (token: Token): string =>
  'text' in token && typeof token.text === 'string' ? token.text : token.raw;
