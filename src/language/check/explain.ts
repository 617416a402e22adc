import { diagnose } from '../../base/codes.js';
import type { Diagnostic } from '../../base/diagnostic.js';
import { listing, nearest } from '../../base/nearest.js';
import type { SourceFile, Span } from '../../base/source.js';
import { EOF, type IRecognitionException, type IToken } from '../parse/chevrotain.js';
import { endOf, type Stray, spanOf } from '../parse/lex.js';
import { plainWord } from '../parse/look-alikes.js';
import type { Chunk } from '../parse/split.js';
import * as t from '../parse/tokens.js';

/** Brackets and `if` may lie this many deep in each other. */
export const depthLimit = 100;

const found = (token: IToken) => `\`${token.image}\``;

/** What stands where a rule of the grammar chooses. */
const wanted: Readonly<Record<string, string>> = {
  primary: 'a value',
  postfix: 'a value',
  argument: 'an argument',
  argumentList: 'an argument',
  parameter: 'a parameter',
  parameterList: 'a parameter',
  list: 'a value',
  record: 'an entry',
  entry: 'an entry',
  type: 'a type',
  fields: 'a field',
  labels: 'a label',
  label: 'a label',
  slice: 'an axis',
  matching: 'a label',
  importDeclaration: '`std` or a file',
  importList: 'a name',
  statement: '`let`, a stage or `return`',
  externDeclaration: '`value` or `stage`',
  declaration: 'a declaration',
};

const lists = new Set([
  'argumentList',
  'parameterList',
  'list',
  'record',
  'fields',
  'labels',
  'slice',
  'matching',
  'importList',
]);

/** The first mistake of a declaration that shows before its grammar is looked at. */
export function findMistake(
  file: SourceFile,
  chunk: Chunk,
  strays: readonly Stray[],
): Diagnostic | undefined {
  const unterminated = chunk.tokens.find((token) => token.tokenType === t.UnterminatedString);
  const [stray] = strays;
  const textFirst = unterminated && !(stray && stray.start < unterminated.startOffset);
  if (textFirst) {
    const help = 'a text ends on the line where it begins; a line break in it is `\\n`';
    return diagnose('unterminated-string', spanOf(file, unterminated), {}, { help });
  }
  if (stray !== undefined) return strayMistake(file, stray);
  return headMistake(file, chunk) ?? depthMistake(file, chunk);
}

const strayHelp: Readonly<Record<string, string>> = {
  "'": 'a text stands in double quotes: `"text"`',
  '“': 'a text stands in straight double quotes: `"text"`',
  '”': 'a text stands in straight double quotes: `"text"`',
  '`': 'a text stands in double quotes: `"text"`',
  '#': 'a comment begins with `//`',
  ';': 'a declaration ends with its line; leave the `;` out',
  '%': '`%` touches its number, as in `20%`; there is no modulo',
  '&': '`and` joins conditions',
  '!': '`not` negates a condition, `!=` compares',
  '^': 'there is no power operator',
  '×': 'multiply with `*`',
  '−': 'the minus sign is `-`',
  '–': 'the minus sign is `-`',
  '…': 'a range is written with two dots: `0.2..1.0`',
  '\u00a0': 'this is a no-break space; use a plain one',
  '\0': 'is the file saved as UTF-8?',
  '\ufffd': 'is the file saved as UTF-8?',
};

/** Zero-width characters and marks of direction. */
const invisible = /^[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069]$/;

/** A character that begins no token. */
export function strayMistake(file: SourceFile, stray: Stray): Diagnostic {
  const character = String.fromCodePoint(file.text.codePointAt(stray.start) ?? 0xfffd);
  const span: Span = { file, start: stray.start, end: stray.start + character.length };
  const visible = /^[\p{L}\p{M}\p{N}\p{P}\p{S}]$/u.test(character);
  const hex = character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0');
  const shown = visible ? character : `U+${hex}`;
  const word = /^[\p{L}\p{N}]$/u.test(character);
  const plain = word ? plainWord(file.text, stray.start) : undefined;
  const help =
    plain !== undefined
      ? `this is U+${hex}, which looks like another character; write \`${plain}\``
      : word
        ? 'names have letters a to z, digits and `_`'
        : invisible.test(character)
          ? 'this character cannot be seen; remove it'
          : strayHelp[character];
  return diagnose('unexpected-character', span, { found: shown }, { help });
}

function headMistake(file: SourceFile, chunk: Chunk): Diagnostic | undefined {
  const head = chunk.tokens[chunk.head];
  if (head === undefined || t.isDeclarationKeyword(head)) return undefined;
  const next = chunk.tokens[chunk.head + 1];
  const assigned = next?.tokenType === t.Equal;
  const near = t.isWord(head) ? nearest(head.image, t.declarationKeywords) : undefined;
  const help =
    assigned && t.isName(head)
      ? `a value is declared with \`let ${head.image} = …\``
      : near !== undefined
        ? `did you mean \`${near}\`?`
        : head.tokenType === t.operatorKeyword.return
          ? '`return` stands at the end of a `def`'
          : `a declaration begins with ${listing(t.declarationKeywords, 'or')}`;
  return diagnose('unknown-declaration', spanOf(file, head), { found: head.image }, { help });
}

function depthMistake(file: SourceFile, chunk: Chunk): Diagnostic | undefined {
  // how many `if` are open at each depth of brackets
  const ifs = [0];
  let depth = 0;
  const close = () => {
    depth -= ifs.at(-1) ?? 0;
    ifs[ifs.length - 1] = 0;
  };
  for (const token of chunk.tokens) {
    if (t.isOpener(token)) {
      ifs.push(0);
      depth += 1;
    } else if (t.isCloser(token) && ifs.length > 1) {
      close();
      ifs.pop();
      depth -= 1;
    } else if (token.tokenType === t.Comma) close();
    else if (token.tokenType === t.operatorKeyword.if) {
      ifs[ifs.length - 1] = (ifs.at(-1) ?? 0) + 1;
      depth += 1;
    }
    if (depth > depthLimit) return tooDeep(spanOf(file, token));
  }
  return undefined;
}

/** Nested deeper than the language allows. */
export function tooDeep(span: Span): Diagnostic {
  const help = 'give the inner parts names with `let`';
  return diagnose('too-deep', span, { limit: depthLimit }, { help });
}

/** A declaration that does not begin its own line. */
export function sameLineMistake(file: SourceFile, chunk: Chunk): Diagnostic {
  const first = chunk.tokens[0] as IToken; // a chunk begins with a token
  const help = `begin a new line before \`${first.image}\``;
  const args = { found: first.image };
  return diagnose('declarations-on-one-line', spanOf(file, first), args, { help });
}

/** Says what the parser found and what it expected. */
export function explainMistake(
  file: SourceFile,
  chunk: Chunk,
  error: IRecognitionException,
): Diagnostic {
  const last = chunk.tokens.at(-1);
  const atEnd = error.token.tokenType === EOF;
  const end = last === undefined ? 0 : endOf(last);
  const span = atEnd ? { file, start: end, end } : spanOf(file, error.token);
  const rule = error.context.ruleStack.at(-1) ?? '';
  const before = atEnd ? last : chunk.tokens[chunk.tokens.indexOf(error.token) - 1];
  if (error.message === t.Identifier.LABEL && t.isKeyword(error.token)) {
    const help = `choose another name, such as \`${error.token.image}_1\``;
    return diagnose('keyword-name', span, { name: error.token.image }, { help });
  }
  const args = {
    found: atEnd ? 'the end of the declaration' : found(error.token),
    expected: expectation(error, rule, before),
  };
  const open = openBracket(chunk, error.token);
  const crossed =
    t.isCloser(error.token) && open && pairs.get(open.tokenType) !== error.token.tokenType;
  const unclosed = open !== undefined && (atEnd || crossed);
  const related = unclosed
    ? [{ span: spanOf(file, open), message: `this \`${open.image}\` is not closed` }]
    : undefined;
  const help = pointHelp(chunk, before) ?? (atEnd ? undefined : helpFor(error, rule, open));
  return diagnose('syntax', span, args, { help, ...(related ? { related } : {}) });
}

function expectation(
  error: IRecognitionException,
  rule: string,
  before: IToken | undefined,
): string {
  if (error.name === 'NotAllInputParsedException') return 'the end of the declaration';
  if (error.name !== 'MismatchedTokenException') return wanted[rule] ?? 'something else';
  const closing = [t.RParen, t.RBracket, t.RBrace].some((c) => c.LABEL === error.message);
  if (!closing || !lists.has(rule)) return error.message;
  const item = before?.tokenType === t.Comma || t.isOpener(before);
  return `${item ? wanted[rule] : '`,`'} or ${error.message}`;
}

const pointRule = 'a decimal point has digits on both sides, as in `0.5`';

/** For `5.` and `5. 0`. */
function pointHelp(chunk: Chunk, before: IToken | undefined): string | undefined {
  if (before?.tokenType !== t.Dot) return undefined;
  const number = chunk.tokens[chunk.tokens.indexOf(before) - 1];
  return number?.tokenType === t.NumberToken ? pointRule : undefined;
}

const pairs = new Map([
  [t.LParen, t.RParen],
  [t.LBracket, t.RBracket],
  [t.LBrace, t.RBrace],
]);

/** The innermost bracket that is open at a token, or at the end. */
function openBracket(chunk: Chunk, until: IToken): IToken | undefined {
  const open: IToken[] = [];
  for (const token of chunk.tokens) {
    if (token === until) break;
    if (t.isOpener(token)) open.push(token);
    else if (t.isCloser(token)) open.pop();
  }
  return open.at(-1);
}

const shorthandRules = new Set(['argument', 'argumentList', 'entry', 'record']);
const comparing = new Set([
  t.Less,
  t.LessEqual,
  t.Greater,
  t.GreaterEqual,
  t.EqualEqual,
  t.NotEqual,
]);

function helpFor(
  error: IRecognitionException,
  rule: string,
  open: IToken | undefined,
): string | undefined {
  const type = error.token.tokenType;
  if (type === t.Dot && rule === 'primary') return pointRule;
  if (comparing.has(type)) return 'comparisons do not chain; join two of them with `and`';
  if (type === t.DotDot) return 'ranges do not chain';
  if (type === t.Equal) return '`==` compares; `=` declares';
  if (t.isCloser(error.token) && open === undefined) {
    return `there is no bracket for \`${error.token.image}\` to close`;
  }
  if (t.isKeyword(error.token) && shorthandRules.has(rule)) {
    return `\`${error.token.image}\` is a keyword, so it is not short for itself; write \`${error.token.image}: …\``;
  }
  return undefined;
}
