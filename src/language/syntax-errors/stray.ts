import { diagnose } from '../../base/codes.js';
import type { Advice, Diagnostic } from '../../base/diagnostic.js';
import { changeTo, remove } from '../../base/fix.js';
import type { SourceFile, Span } from '../../base/source.js';
import type { Stray } from '../lex/lex.js';
import { writeString } from '../lex/literals.js';
import { plainWord } from '../lex/look-alikes.js';

interface Meant {
  readonly help: string;
  /** What to write instead; nothing where that is not clear. */
  readonly text?: string;
}

const quotes = 'a text stands in double quotes: `"text"`';
const minus = 'the minus sign is `-`';

/** What a character or two of another language mean here. */
const meant: Readonly<Record<string, Meant>> = {
  "'": { help: quotes, text: '"' },
  '“': { help: 'a text stands in straight double quotes: `"text"`', text: '"' },
  '”': { help: 'a text stands in straight double quotes: `"text"`', text: '"' },
  '`': { help: quotes, text: '"' },
  '#': { help: 'a comment begins with `//`', text: '//' },
  ';': { help: 'a declaration ends with its line; leave the `;` out', text: '' },
  '%': { help: '`%` touches its number, as in `20%`; there is no modulo' },
  '&&': { help: '`and` joins conditions', text: 'and' },
  '&': { help: '`and` joins conditions', text: 'and' },
  '!': { help: '`not` negates a condition, `!=` compares', text: 'not ' },
  '^': { help: 'there is no power operator' },
  $: { help: 'texts take no values in; a variable of the environment is `env.NAME`' },
  '\\': {
    help: 'a declaration goes on in the next line without a mark; leave the `\\` out',
    text: '',
  },
  '±': { help: 'a reference has the published mean alone; a table shows the spread of its points' },
  '×': { help: 'multiply with `*`', text: '*' },
  '÷': { help: 'divide with `/`', text: '/' },
  '−': { help: minus, text: '-' },
  '–': { help: minus, text: '-' },
  '≤': { help: 'write `<=`', text: '<=' },
  '≥': { help: 'write `>=`', text: '>=' },
  '≠': { help: 'write `!=`', text: '!=' },
  '…': { help: 'a range is written with two dots: `0.2..1.0`', text: '..' },
  '\u00a0': { help: 'this is a no-break space; use a plain one', text: ' ' },
  '\0': { help: 'is the file saved as UTF-8?' },
  '\ufffd': { help: 'is the file saved as UTF-8?' },
};

/** Zero-width characters and marks of direction. */
const invisible = /^[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069]$/;

/** A character that begins no token. */
export function strayMistake(file: SourceFile, stray: Stray): Diagnostic {
  const first = String.fromCodePoint(file.text.codePointAt(stray.start) ?? 0xfffd);
  const both = file.text.startsWith('&&', stray.start);
  const character = both ? '&&' : first;
  const span: Span = { file, start: stray.start, end: stray.start + character.length };
  const visible = both || /^[\p{L}\p{M}\p{N}\p{P}\p{S}]$/u.test(character);
  const found = visible ? character : `U+${hex(character)}`;
  return diagnose('unexpected-character', span, { found }, adviceFor(span, character));
}

function adviceFor(span: Span, character: string): Advice {
  const { file, start } = span;
  if (/^[\p{L}\p{N}]$/u.test(character)) {
    const plain = plainWord(file.text, start);
    if (plain === undefined) return { help: 'names have letters a to z, digits and `_`' };
    const help = `this is U+${hex(character)}, which looks like another character; write \`${plain}\``;
    return { help, fixes: [changeTo(wordAround(span), plain)] };
  }
  if (invisible.test(character)) {
    return { help: 'this character cannot be seen; remove it', fixes: [remove(span)] };
  }
  const known = Object.hasOwn(meant, character) ? meant[character] : undefined;
  if (!known) return {};
  const { help, text } = known;
  if (text === '"') return { help, fixes: quoted(span, character) };
  if (character === '%') return { help, fixes: touching(span) };
  if (text === undefined) return { help };
  return { help, fixes: [text === '' ? remove(span) : changeTo(span, text)] };
}

/** A text in other quotes, where it ends on its line. */
function quoted(span: Span, character: string): Advice['fixes'] {
  const { file, start, end } = span;
  const close = character === '“' ? '”' : character;
  const line = file.text.slice(end).split(/\r?\n/, 1)[0] ?? '';
  const length = line.indexOf(close);
  if (length < 0) return [];
  const text = line.slice(0, length);
  return [changeTo({ file, start, end: end + length + close.length }, writeString(text))];
}

/** `20 %`. */
function touching(span: Span): Advice['fixes'] {
  const gap = /[\d.][ \t]+$/.exec(span.file.text.slice(0, span.start));
  if (!gap) return [];
  const start = gap.index + 1;
  const edit = { span: { ...span, start, end: span.start }, text: '' };
  return [{ title: 'Write `%` directly behind the number', edits: [edit] }];
}

const partOfWord = /[\p{L}\p{M}\p{N}_]/u;

/** The word around a character. */
export function wordAround({ file, start, end }: Span): Span {
  const { text } = file;
  let [from, to] = [start, end];
  while (from > 0 && partOfWord.test(text[from - 1] ?? '')) from -= 1;
  while (to < text.length && partOfWord.test(text[to] ?? '')) to += 1;
  return { file, start: from, end: to };
}

function hex(character: string): string | undefined {
  return character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0');
}
