import { diagnose } from '../../base/codes.js';
import type { Advice, Diagnostic } from '../../base/diagnostic.js';
import { changeTo, insert, textAt } from '../../base/fix.js';
import { listing, nearest } from '../../base/nearest.js';
import type { SourceFile, Span } from '../../base/source.js';
import { EOF, type IRecognitionException, type IToken } from '../lex/chevrotain.js';
import { endOf, type Stray, spanOf } from '../lex/lex.js';
import type { Chunk } from '../lex/split.js';
import * as t from '../lex/tokens.js';
import { hyphenated } from './broken.js';
import { yamlAdvice } from './foreign-declarations.js';
import { strayMistake } from './stray.js';
import { closing, syntaxAdvice } from './syntax-advice.js';

/** Brackets and `if` may lie this many deep in each other. */
const depthLimit = 100;

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
  const token = chunk.tokens.find(({ tokenType }) => tokenType === t.UnterminatedString);
  const [stray] = strays;
  if (token && !(stray && stray.start < token.startOffset)) return openText(file, token);
  if (stray !== undefined) return strayMistake(file, stray);
  return headMistake(file, chunk) ?? depthMistake(file, chunk);
}

function openText(file: SourceFile, token: IToken): Diagnostic {
  const help = 'a text ends on the line where it begins; a line break in it is `\\n`';
  const span = spanOf(file, token);
  const closers = /[\s,)\]}]*(?:\/\/.*)?\\?$/.exec(token.image)?.[0].length ?? 0;
  return diagnose(
    'unterminated-string',
    span,
    {},
    { help, fixes: [insert(span, span.end - closers, '"')] },
  );
}

function headMistake(file: SourceFile, chunk: Chunk): Diagnostic | undefined {
  const head = chunk.tokens[chunk.head];
  if (head === undefined || t.isDeclarationKeyword(head)) return undefined;
  const next = chunk.tokens[chunk.head + 1];
  const assigned = next?.tokenType === t.Equal;
  const other = Object.hasOwn(otherKeywords, head.image) ? otherKeywords[head.image] : undefined;
  const near = t.isWord(head) ? nearest(head.image, t.declarationKeywords) : undefined;
  const span = spanOf(file, head);
  const yaml = next?.tokenType === t.Colon && t.isWord(head) ? yamlAdvice(chunk) : undefined;
  const advice: Advice =
    yaml !== undefined
      ? yaml
      : other !== undefined
        ? other.text === undefined
          ? { help: other.help }
          : { help: other.help, fixes: [changeTo(span, other.text)] }
        : assigned && t.isName(head)
          ? {
              help: `a value is declared with \`let ${head.image} = …\``,
              fixes: [insert(span, span.start, 'let ')],
            }
          : near !== undefined
            ? { help: `did you mean \`${near}\`?`, fixes: [changeTo(span, near)] }
            : head.tokenType === t.operatorKeyword.return
              ? { help: '`return` stands at the end of a `def`' }
              : { help: `a declaration begins with ${listing(t.declarationKeywords, 'or')}` };
  return diagnose('unknown-declaration', span, { found: head.image }, advice);
}

/** Words that begin a line in other languages. */
const otherKeywords: Readonly<Record<string, { readonly help: string; readonly text?: string }>> = {
  for: { help: 'there are no loops; an axis stands for several values: `axis seed = [1, 2, 3]`' },
  while: { help: 'there are no loops; an axis stands for several values: `axis seed = [1, 2, 3]`' },
  var: { help: 'a value is declared with `let`', text: 'let' },
  const: { help: 'a value is declared with `let`', text: 'let' },
  function: { help: 'a part of your own is a `def`', text: 'def' },
  func: { help: 'a part of your own is a `def`', text: 'def' },
  fn: { help: 'a part of your own is a `def`', text: 'def' },
  assert: { help: 'a claim is declared with `expect`', text: 'expect' },
  print: { help: 'what is found is shown by a `report`: `report r = table(…)`' },
  from: { help: 'an import names the module first: `import std.ssl.{simclr, vicreg}`' },
  use: { help: 'names are taken with `import`', text: 'import' },
};

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
  const span = spanOf(file, first);
  const fixes = [
    { title: 'Begin a new line', edits: [{ span: { ...span, end: span.start }, text: '\n' }] },
  ];
  return diagnose('declarations-on-one-line', span, args, { help, fixes });
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
    const name = error.token.image;
    const help = `choose another name, such as \`${name}_1\``;
    return diagnose('keyword-name', span, { name }, { help, fixes: [changeTo(span, `${name}_1`)] });
  }
  const hyphen = hyphenName(file, chunk, error);
  if (hyphen) return hyphen;
  const args = {
    found: atEnd ? 'the end of the declaration' : found(error.token),
    expected: expectation(error, rule, before),
  };
  const open = openBracket(chunk, error.token);
  const crossed =
    t.isCloser(error.token) && open && t.bracketPairs.get(open.tokenType) !== error.token.tokenType;
  const unclosed = open !== undefined && (atEnd || crossed);
  const related = unclosed
    ? [{ span: spanOf(file, open), message: `this \`${open.image}\` is not closed` }]
    : undefined;
  const close = open && t.bracketPairs.get(open.tokenType);
  const place = {
    chunk,
    token: error.token,
    atEnd,
    before,
    open,
    rule,
    expected: error.message,
    span,
  };
  const advice = unclosed && close ? closing(span, close.LABEL ?? '', before) : syntaxAdvice(place);
  return diagnose('syntax', span, args, { ...advice, ...(related ? { related } : {}) });
}

/** `my-group`: a name with a hyphen, where a name is declared. */
function hyphenName(
  file: SourceFile,
  chunk: Chunk,
  error: IRecognitionException,
): Diagnostic | undefined {
  const parts = hyphenated(chunk.tokens.slice(chunk.head));
  const [first, last] = [parts[0], parts.at(-1)];
  if (!first || !last || parts[1] !== error.token) return undefined;
  const span = spanOf(file, first, last);
  const name = textAt(span);
  const text = name.replaceAll('-', '_');
  const edits = placesOf(name, file).map((at) => ({ span: at, text }));
  const help = `names have letters, digits and \`_\`; write \`${text}\``;
  return diagnose(
    'hyphen-name',
    span,
    { name },
    { help, fixes: [{ title: `Change to \`${text}\``, edits }] },
  );
}

/** Where a name with hyphens stands in a file, comments and texts aside. */
function placesOf(name: string, file: SourceFile): readonly Span[] {
  const pattern = new RegExp(`//.*|"(?:[^"\\\\\n]|\\\\.)*"|(?<![\\w-])${name}(?![\\w-])`, 'g');
  return [...file.text.matchAll(pattern)].flatMap(({ 0: found, index }) =>
    found === name ? [{ file, start: index, end: index + name.length }] : [],
  );
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
