import type { Advice, Fix } from '../../base/diagnostic.js';
import { changeTo, textAt } from '../../base/fix.js';
import type { Span } from '../../base/source.js';
import type { IToken, TokenType } from '../lex/chevrotain.js';
import { endOf } from '../lex/lex.js';
import { units } from '../lex/literals.js';
import type { Chunk } from '../lex/split.js';
import * as t from '../lex/tokens.js';
import { endOfPart } from './end-of-part.js';
import { foreignSlice } from './foreign-slices.js';
import type { Place } from './syntax-place.js';

/** What Python, YAML, TypeScript or SQL write otherwise. */
export const otherForms: readonly ((place: Place) => Advice | undefined)[] = [
  foreignSlice,
  trailingIf,
  ternary,
  membership,
  power,
  path,
  tuple,
  bareList,
  keyedList,
  paramType,
  yamlAxis,
  key,
  hyphenKey,
  title,
  importList,
  foreignImport,
  whereOnAxis,
];

/** `0.1 if a else 0.2`. */
function trailingIf(place: Place): Advice | undefined {
  const { chunk, token, before } = place;
  if (token.tokenType !== t.operatorKeyword.if || !before || !endsValue(before)) return undefined;
  const help = (text: string) => `the condition stands first: \`${text}\``;
  const [from, to] = around(place);
  const at = chunk.tokens.indexOf(token);
  const other = chunk.tokens.findIndex((x, i) => {
    return i > at && i < to && x.tokenType === t.operatorKeyword.else;
  });
  if (other < 0) return { help: help('if a then 0.1 else 0.2') };
  const [value, condition, rest] = [
    textOf(place, from, at),
    textOf(place, at + 1, other),
    textOf(place, other + 1, to),
  ];
  if (!value || !condition || !rest) return { help: help('if a then 0.1 else 0.2') };
  const text = `if ${condition} then ${value} else ${rest}`;
  return {
    help: help(shortOr(text, 'if a then 0.1 else 0.2')),
    fixes: [replace(place, from, to, text)],
  };
}

/** `a ? b : c`. */
function ternary(place: Place): Advice | undefined {
  const { chunk, token } = place;
  if (token.image !== '?') return undefined;
  const example = 'if a then 0.1 else 0.2';
  const [from, to] = around(place);
  const at = chunk.tokens.indexOf(token);
  const colon = chunk.tokens.findIndex((x, i) => i > at && x.tokenType === t.Colon);
  const end = endOfValue(chunk.tokens, colon + 1);
  const parts = [
    textOf(place, from, at),
    textOf(place, at + 1, colon),
    textOf(place, colon + 1, end),
  ];
  if (colon < 0 || parts.some((part) => part === '')) return { help: `write \`${example}\`` };
  const text = `if ${parts[0]} then ${parts[1]} else ${parts[2]}`;
  const fixes = [replace(place, from, Math.max(to, end), text)];
  return { help: `write \`${shortOr(text, example)}\``, fixes };
}

/** `seed in [1, 2]`, `seed not in [1, 2]`. */
function membership(place: Place): Advice | undefined {
  const { chunk, token, before, span } = place;
  const at = chunk.tokens.indexOf(token);
  const not = token.tokenType === t.operatorKeyword.not;
  const word = not ? chunk.tokens[at + 1] : token;
  if (word?.image !== 'in' || !before) return undefined;
  const is = not ? 'is not' : 'is';
  const open = chunk.tokens[chunk.tokens.indexOf(word) + 1];
  const close = open && closerOf(chunk.tokens, open);
  const value = valueBefore(place, not ? at : chunk.tokens.indexOf(word));
  if (value !== undefined) return comparedWithEach(place, value, not, open, close);
  if (!t.isWord(before)) return { help: 'values are compared with `==`' };
  const name = before.image;
  if (!open || !close || (open.tokenType !== t.LBracket && open.tokenType !== t.LParen)) {
    return { help: `\`is\` looks at labels: \`${name} ${is} {1, 2}\`` };
  }
  const inner = textAt({ ...span, start: endOf(open), end: close.startOffset });
  const set = `{${inner}}`;
  const whole: Span = { ...span, end: endOf(close) };
  const help = `\`is\` looks at labels: \`${name} ${is} ${set}\``;
  return { help, fixes: [changeTo(whole, `${is} ${set}`)] };
}

/** The index at which a field, a slice or a call begins that ends before a token; none of a bare name. */
function valueBefore({ chunk: { tokens } }: Place, at: number): number | undefined {
  let from = at - 1;
  for (let depth = 0; from >= 0; from--) {
    const token = tokens[from];
    if (!token) break;
    if (t.isCloser(token)) depth += 1;
    else if (t.isOpener(token)) depth -= 1;
    else if (depth === 0 && t.isWord(token) && tokens[from - 1]?.tokenType !== t.Dot) break;
    else if (depth === 0 && !t.isWord(token) && token.tokenType !== t.Dot) return undefined;
  }
  return from >= 0 && from < at - 1 ? from : undefined;
}

/** `p.top1 in [1, 2]`: results have no labels. */
function comparedWithEach(
  place: Place,
  from: number,
  not: boolean,
  open: IToken | undefined,
  close: IToken | undefined,
): Advice {
  const { tokens } = place.chunk;
  const at = tokens.indexOf(place.token);
  const value = textOf(place, from, at);
  const [compare, join] = not ? ['!=', 'and'] : ['==', 'or'];
  const inside = open && close ? tokens.slice(tokens.indexOf(open) + 1, tokens.indexOf(close)) : [];
  const values = inside.filter(({ tokenType }) => tokenType !== t.Comma).map((one) => one.image);
  const simple = inside.every((one, i) => (i % 2 === 1) === (one.tokenType === t.Comma));
  const each = values.map((one) => `${value} ${compare} ${one}`).join(` ${join} `);
  const help = `values are compared with \`${compare}\``;
  if (!simple || each === '' || each.length > 60) return { help };
  const end = close ? tokens.indexOf(close) + 1 : at;
  return { help: `${help}: \`${each}\``, fixes: [replace(place, from, end, `(${each})`)] };
}

/** `2 ** 3`. */
function power({ token, before }: Place): Advice | undefined {
  if (token.tokenType !== t.Star || before?.tokenType !== t.Star) return undefined;
  return { help: 'there is no power operator; multiply with `*`' };
}

/** `root: images/`, `root: ./images`: a path without its quotes. */
function path(place: Place): Advice | undefined {
  const { chunk, token, before, rule } = place;
  if (rule !== 'primary' || !before) return undefined;
  const { tokenType } = token;
  const first = t.isOpener(before) || bounds.has(before.tokenType);
  const begins = first && (tokenType === t.Slash || tokenType === t.Dot || tokenType === t.DotDot);
  const ends = before.tokenType === t.Slash && (tokenType === t.Comma || t.isCloser(token));
  if (!begins && !ends) return undefined;
  const [from, to] = around(place);
  const end = ends ? chunk.tokens.indexOf(token) : to;
  const written = textOf(place, from, end);
  if (!/^[\w.~-]*\/[\w./~-]*$/.test(written)) return undefined;
  const text = JSON.stringify(written);
  return { help: `a text stands in quotes: \`${text}\``, fixes: [replace(place, from, end, text)] };
}

/** `(0.2, 1.0)`. */
function tuple({ chunk, token, before, open, rule, span }: Place): Advice | undefined {
  if (!before || !endsValue(before)) return undefined;
  if (token.tokenType !== t.Comma || open?.tokenType !== t.LParen) return undefined;
  if (rule === 'argumentList' || rule === 'parameterList') return undefined;
  const close = closerOf(chunk.tokens, open);
  const inner = close && textAt({ ...span, start: endOf(open), end: close.startOffset });
  const ends = inner?.split(',').map((part) => part.trim()) ?? [];
  const help = 'there are no tuples: a range is written `0.2..1.0`, a list `[0.2, 1.0]`';
  if (!close || ends.length !== 2) return { help };
  const whole: Span = { ...span, start: open.startOffset, end: endOf(close) };
  const fixes = [changeTo(whole, ends.join('..')), changeTo(whole, `[${ends.join(', ')}]`)];
  return { help, fixes };
}

/** `axis seed = 1, 2`. */
function bareList(place: Place): Advice | undefined {
  const { chunk, token, open } = place;
  const [head, name] = chunk.tokens.slice(chunk.head);
  if (head?.tokenType !== t.declarationKeyword.axis || !name) return undefined;
  if (token.tokenType !== t.Comma || open) return undefined;
  const from = chunk.tokens.findIndex(({ tokenType }) => tokenType === t.Equal) + 1;
  const text = `[${textOf(place, from, chunk.tokens.length)}]`;
  return {
    help: `several values stand in brackets: \`axis ${name.image} = ${shortOr(text, '[…]')}\``,
    fixes: [replace(place, from, chunk.tokens.length, text)],
  };
}

/** `[seed: 1, seed: 2]`, `[a: 1, b: 2]`: entries of a record in the brackets of a list. */
function keyedList({ chunk, token, open, rule, span }: Place): Advice | undefined {
  if (token.tokenType !== t.Colon || open?.tokenType !== t.LBracket) return undefined;
  const close = closerOf(chunk.tokens, open);
  if (rule !== 'list' || !close) return undefined;
  const { tokens } = chunk;
  const inside: IToken[][] = [];
  for (let i = tokens.indexOf(open) + 1; i < tokens.indexOf(close); ) {
    const end = endOfValue(tokens, i);
    inside.push(tokens.slice(i, end));
    i = end + 1;
  }
  const entries = inside.flatMap(([key, colon, ...value]) => {
    const [first, last] = [value[0], value.at(-1)];
    const isKey = key && (t.isWord(key) || literals.has(key.tokenType));
    if (!isKey || colon?.tokenType !== t.Colon || !first || !last) return [];
    const text = textAt({ ...span, start: first.startOffset, end: endOf(last) });
    return [
      {
        key: t.isWord(key) || key.image.startsWith('"') ? key.image : JSON.stringify(key.image),
        text,
      },
    ];
  });
  const difference = 'a list has values alone, a record has a name for each';
  if (entries.length !== inside.length) {
    return { help: `${difference}: \`[1, 2]\` or \`{a: 1, b: 2}\`` };
  }
  const list = `[${entries.map(({ text }) => text).join(', ')}]`;
  const record = `{${entries.map(({ key, text }) => `${key}: ${text}`).join(', ')}}`;
  const whole: Span = { ...span, start: open.startOffset, end: endOf(close) };
  const named = new Set(entries.map(({ key }) => key)).size === entries.length;
  const shown = named
    ? `\`${shortOr(record, '{a: 1, b: 2}')}\``
    : `\`${shortOr(list, '[1, 2]')}\`, or labels of their own, \`{a: 1, b: 2}\``;
  const fixes = [...(named ? [changeTo(whole, record)] : []), changeTo(whole, list)];
  return { help: `${difference}: write ${shown}`, fixes };
}

const literals: ReadonlySet<TokenType> = new Set([t.NumberToken, t.StringToken]);

const { true: yes, false: no } = t.operatorKeyword;

/** `param epochs: 200`, `param debug: true`. */
function paramType({ chunk, token, rule, span }: Place): Advice | undefined {
  const [head, name] = chunk.tokens.slice(chunk.head);
  if (head?.tokenType !== t.declarationKeyword.param || !name) return undefined;
  const { tokenType, image } = token;
  const isBool = tokenType === yes || tokenType === no;
  if (rule !== 'type' || !(isBool || tokenType === t.NumberToken)) return undefined;
  const suffix = /(?:%|[A-Za-z]+)$/.exec(image)?.[0];
  const plain = /^[\d_]+$/.test(image) ? 'Int' : 'Float';
  const number = suffix === undefined ? plain : (units[suffix]?.of ?? plain);
  const text = `${isBool ? 'Bool' : number} = ${image}`;
  return {
    help: `a type stands behind \`:\`, the value behind \`=\`: \`param ${name.image}: ${text}\``,
    fixes: [changeTo(span, text)],
  };
}

/** `axis methods:` with items below it. */
function yamlAxis({ chunk, token, expected }: Place): Advice | undefined {
  const next = chunk.tokens[chunk.tokens.indexOf(token) + 1];
  if (token.tokenType !== t.Colon || expected !== t.Equal.LABEL) return undefined;
  if (next?.tokenType !== t.Minus) return undefined;
  return yamlAdvice({ ...chunk, head: chunk.tokens.indexOf(token) - 1 });
}

/** `{200: 1}`. */
function key({ chunk, token, open, rule, span }: Place): Advice | undefined {
  const next = chunk.tokens[chunk.tokens.indexOf(token) + 1];
  if (token.tokenType !== t.NumberToken || next?.tokenType !== t.Colon) return undefined;
  if (open?.tokenType !== t.LBrace || !entries.has(rule)) return undefined;
  return quotedKey(span);
}

/** `{vit-s: 1}`. */
function hyphenKey({ chunk, token, before, open, rule, span }: Place): Advice | undefined {
  if (token.tokenType !== t.Minus || !before || open?.tokenType !== t.LBrace) return undefined;
  if (!entries.has(rule)) return undefined;
  const at = chunk.tokens.indexOf(token);
  const colon = chunk.tokens.findIndex((x, i) => i > at && x.tokenType === t.Colon);
  const last = chunk.tokens[colon - 1];
  if (!last) return undefined;
  const whole: Span = { ...span, start: before.startOffset, end: endOf(last) };
  return /^[\w.-]+$/.test(textAt(whole)) ? quotedKey(whole) : undefined;
}

const entries: ReadonlySet<string> = new Set(['record', 'entry', 'matching', 'fields']);

function quotedKey(span: Span): Advice {
  const text = JSON.stringify(textAt(span));
  return {
    help: `a key is a word, or stands in quotes: \`${text}\``,
    fixes: [changeTo(span, text)],
  };
}

/** `report "Table 1" = …`, `axis as "Seed" = …`. */
function title({ chunk, token, before, expected, span }: Place): Advice | undefined {
  if (token.tokenType !== t.StringToken || !before) return undefined;
  // `as` is an ordinary name
  const alone = expected === t.Equal.LABEL && before.image === 'as';
  const keyword = alone ? chunk.tokens[chunk.tokens.indexOf(before) - 1] : before;
  if (!keyword || !t.isDeclarationKeyword(keyword)) return undefined;
  if (!alone && expected !== t.Identifier.LABEL) return undefined;
  const text = token.image.slice(1, -1);
  const name = text
    .toLowerCase()
    .replaceAll(/\W+/g, '_')
    .replaceAll(/^_+|_+$/g, '');
  const word = /^[a-z]/.test(name) ? name : `${keyword.image}_${name || '1'}`;
  const named = keyword.image === 'report' || keyword.image === 'axis';
  const whole = named ? `${word} as ${token.image}` : word;
  const help = named
    ? `a name stands before what readers see: \`${keyword.image} ${whole} = …\``
    : `a name stands here: \`${keyword.image} ${word} = …\`; what it is called for readers stands above it: \`/// ${text}\``;
  const place = alone ? { ...span, start: before.startOffset } : span;
  return { help, fixes: [changeTo(place, whole)] };
}

/** `import std.ssl.simclr, std.ssl.vicreg`. */
function importList({ chunk, token, open, span }: Place): Advice | undefined {
  const head = chunk.tokens[chunk.head];
  if (head?.tokenType !== t.declarationKeyword.import) return undefined;
  if (token.tokenType !== t.Comma || open) return undefined;
  const fixes: Fix[] = [{ title: 'Begin a second import', edits: [{ span, text: '\nimport' }] }];
  return {
    help: 'each import has its line; names of one module stand in braces: `import std.ssl.{simclr, vicreg}`',
    fixes,
  };
}

/** `import {simclr} from "std/ssl"`, `import * as ssl from …`, `import std/ssl.simclr`, `import ./views.ssp`. */
function foreignImport({ chunk, token, before, open }: Place): Advice | undefined {
  const head = chunk.tokens[chunk.head];
  if (head?.tokenType !== t.declarationKeyword.import) return undefined;
  const first = before === head;
  if (open && !(first && t.isOpener(token))) return undefined;
  const isPath = token.tokenType === t.Dot || token.tokenType === t.DotDot || token.image === '@';
  if (first && isPath) {
    return { help: 'the path of a file stands in quotes: `import "./views.ssp".{strong}`' };
  }
  const isForeign =
    (first && (token.image === '{' || token.tokenType === t.Star)) ||
    token.image === 'from' ||
    token.tokenType === t.Slash ||
    token.tokenType === t.Colon;
  if (!isForeign) return undefined;
  return {
    help: 'an import names the module first, with dots, then what it takes: `import std.ssl.{simclr, vicreg}`',
  };
}

/** `axis k = [1, 2] where k > 1`. */
function whereOnAxis({ chunk, token }: Place): Advice | undefined {
  const head = chunk.tokens[chunk.head];
  if (token.tokenType !== t.operatorKeyword.where || !head) return undefined;
  if (!t.isDeclarationKeyword(head)) return undefined;
  return {
    help: `\`where\` stands behind a stage, to drop some of its points; ${head.image === 'axis' ? 'an axis lists the values that it has' : `a \`${head.image}\` has no points`}`,
  };
}

/** `methods:` with items below it, or `epochs: 200`: how it is declared here. */
export function yamlAdvice({ tokens, head }: Chunk): Advice {
  const [name, colon, ...rest] = tokens.slice(head);
  const first = rest[0];
  const word = name?.image ?? '';
  const isList = first?.tokenType === t.Minus;
  const items = rest.filter((token, i) => t.isWord(token) && rest[i - 1]?.tokenType === t.Minus);
  if (isList || first?.tokenType === t.LBracket) {
    const values = isList ? items.map(({ image }) => image).join(', ') : '…';
    const shown = values.length <= 60 && values !== '' ? values : '…';
    return { help: `this is YAML; several values are an axis: \`axis ${word} = [${shown}]\`` };
  }
  const scalar = first && rest.length === 1 && first.startOffset > (colon?.startOffset ?? 0);
  const value = scalar ? first.image : '…';
  return {
    help: `this is YAML; a value is declared with \`let ${word} = ${value}\`, one that can be set with \`param\``,
  };
}

/** Where the expression around a token begins and ends, as indices of tokens. */
function around({ chunk, token }: Place): readonly [number, number] {
  const { tokens } = chunk;
  const at = tokens.indexOf(token);
  let depth = 0;
  let from = at;
  while (from > 0) {
    const before = tokens[from - 1];
    if (!before || (depth === 0 && (t.isOpener(before) || bounds.has(before.tokenType)))) break;
    if (t.isCloser(before)) depth += 1;
    else if (t.isOpener(before)) depth -= 1;
    from -= 1;
  }
  return [from, endOfValue(tokens, at)];
}

const bounds: ReadonlySet<TokenType> = new Set([t.Equal, t.Colon, t.Comma]);

/** The index behind the value that begins at one: of a comma, a closing bracket, or the end. */
const endOfValue = (tokens: readonly IToken[], from: number): number =>
  endOfPart(tokens, from, ({ tokenType }) => tokenType === t.Comma);

function closerOf(tokens: readonly IToken[], open: IToken): IToken | undefined {
  let depth = 0;
  for (const token of tokens.slice(tokens.indexOf(open))) {
    if (t.isOpener(token)) depth += 1;
    else if (t.isCloser(token)) depth -= 1;
    if (depth === 0) return token;
  }
  return undefined;
}

function textOf({ chunk, span }: Place, from: number, to: number): string {
  const [first, last] = [chunk.tokens[from], chunk.tokens[to - 1]];
  if (!first || !last || to <= from) return '';
  return textAt({ ...span, start: first.startOffset, end: endOf(last) });
}

function replace({ chunk, span }: Place, from: number, to: number, text: string): Fix {
  const [first, last] = [chunk.tokens[from], chunk.tokens[to - 1]];
  return changeTo({ ...span, start: first?.startOffset ?? 0, end: last ? endOf(last) : 0 }, text);
}

const shortOr = (text: string, example: string): string =>
  text.length <= 60 && !text.includes('\n') ? text : example;

function endsValue(token: IToken): boolean {
  const { tokenType } = token;
  const literal = tokenType === t.NumberToken || tokenType === t.StringToken;
  return literal || t.isWord(token) || t.isCloser(token);
}
