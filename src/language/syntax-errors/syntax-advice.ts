import type { Advice } from '../../base/diagnostic.js';
import { changeTo, insert, remove, textAt } from '../../base/fix.js';
import type { Span } from '../../base/source.js';
import type { IToken } from '../lex/chevrotain.js';
import { endOf } from '../lex/lex.js';
import { units } from '../lex/literals.js';
import * as t from '../lex/tokens.js';
import { otherForms } from './other-forms.js';
import type { Place } from './syntax-place.js';

/** What to write instead, where a mistake is a known one. */
export function syntaxAdvice(place: Place): Advice {
  for (const advice of [
    ...otherForms,
    point,
    unit,
    colon,
    noColon,
    equals,
    bars,
    chained,
    twice,
    unnamedSlice,
    stray,
    keyword,
  ]) {
    const found = advice(place);
    if (found) return found;
  }
  return missing(place);
}

/** Closes a bracket where something else stands. */
export function closing(span: Span, label: string, before: IToken | undefined): Advice {
  const text = label.replaceAll('`', '');
  const comma = before?.tokenType === t.Comma;
  const at = before && !comma ? endOf(before) : span.start;
  return { fixes: [insert(span, at, text)] };
}

const pointRule = 'a decimal point has digits on both sides, as in `0.5`';

/** `5.`, `5. 0`, `.5`. */
function point({ chunk, before, token, rule, span }: Place): Advice | undefined {
  if (token.tokenType === t.Dot && rule === 'primary') {
    return { help: pointRule, fixes: [insert(span, span.start, '0')] };
  }
  if (before?.tokenType !== t.Dot) return undefined;
  const number = chunk.tokens[chunk.tokens.indexOf(before) - 1];
  if (number?.tokenType !== t.NumberToken) return undefined;
  return { help: pointRule, fixes: [insert(span, endOf(before), '0')] };
}

/** `16 px`. */
function unit({ before, token, span }: Place): Advice | undefined {
  if (before?.tokenType !== t.NumberToken || !t.isName(token)) return undefined;
  if (!Object.hasOwn(units, token.image) || !/\d$/.test(before.image)) return undefined;
  const gap: Span = { ...span, start: endOf(before), end: token.startOffset };
  if (textAt(gap).includes('\n')) return undefined;
  const text = `${before.image}${token.image}`;
  const title = `Change to \`${text}\``;
  const fixes = [{ title, edits: [{ span: gap, text: '' }] }];
  return { help: `a unit touches its number: \`${text}\``, fixes };
}

/** `label = "x"` in brackets. */
function colon({ before, token, open, span }: Place): Advice | undefined {
  if (token.tokenType !== t.Equal || !open || !before) return undefined;
  if (!t.isWord(before) && before.tokenType !== t.StringToken) return undefined;
  const text = span.file.text[span.end] === ' ' ? ':' : ': ';
  const edits = [{ span: { ...span, start: endOf(before) }, text }];
  const help = `\`=\` declares; what belongs to a name in brackets stands behind \`:\`, as in \`${before.image}: …\``;
  return { help, fixes: [{ title: 'Write `:`', edits }] };
}

const entryLists = new Set(['argumentList', 'record']);

/** `f(size 32px)`. */
function noColon({ chunk, before, token, rule, span }: Place): Advice | undefined {
  if (!entryLists.has(rule) || !before || !t.isWord(before) || !beginsValue(token))
    return undefined;
  const first = chunk.tokens[chunk.tokens.indexOf(before) - 1];
  if (first?.tokenType !== t.Comma && !t.isOpener(first)) return undefined;
  const help = `did you mean \`${before.image}: ${token.image}\`? or a comma is missing`;
  const fixes = [insert(span, endOf(before), ':'), insert(span, endOf(before), ',')];
  return { help, fixes };
}

function beginsValue(token: IToken): boolean {
  const { tokenType } = token;
  const literal = tokenType === t.NumberToken || tokenType === t.StringToken;
  return literal || t.isWord(token) || t.isOpener(token);
}

/** `f(a,, b)`. */
function twice({ before, token, span }: Place): Advice | undefined {
  if (token.tokenType !== t.Comma || before?.tokenType !== t.Comma) return undefined;
  return { help: 'there is a comma too many', fixes: [remove(span)] };
}

/** `axis seed: [1, 2]`, `axis = [1, 2]`, `expect a = b`. */
function equals({ before, token, open, expected, span }: Place): Advice | undefined {
  if (token.tokenType === t.Colon && expected === t.Equal.LABEL && before) {
    const edits = [{ span: { ...span, start: endOf(before) }, text: ' =' }];
    return { help: '`=` declares', fixes: [{ title: 'Write `=`', edits }] };
  }
  if (token.tokenType !== t.Equal) return undefined;
  if (before && t.isDeclarationKeyword(before)) {
    return { help: `a name stands here: \`${before.image} NAME = …\`` };
  }
  const help = '`==` compares; `=` declares';
  return open ? { help } : { help, fixes: [changeTo(span, '==')] };
}

/** `a || b`. */
function bars({ chunk, token, span }: Place): Advice | undefined {
  if (token.tokenType !== t.Bar) return undefined;
  const next = chunk.tokens[chunk.tokens.indexOf(token) + 1];
  const double = next?.tokenType === t.Bar && next.startOffset === span.end;
  const both = double ? { ...span, end: span.end + 1 } : span;
  return { help: '`or` joins conditions', fixes: [changeTo(both, 'or')] };
}

const comparing = new Set([
  t.Less,
  t.LessEqual,
  t.Greater,
  t.GreaterEqual,
  t.EqualEqual,
  t.NotEqual,
]);

/** `0 < a < 1`, `1..2..3`. */
function chained({ chunk, token, before, span }: Place): Advice | undefined {
  if (token.tokenType === t.DotDot) return { help: 'ranges do not chain' };
  if (!comparing.has(token.tokenType)) return undefined;
  const help = 'comparisons do not chain; join two of them with `and`';
  const at = chunk.tokens.indexOf(token);
  const first = chunk.tokens.slice(0, at).findLast((other) => comparing.has(other.tokenType));
  if (!first || !before) return undefined;
  const middle = textAt({ ...span, start: endOf(first), end: endOf(before) }).trim();
  return { help, fixes: [insert(span, span.start, `and ${middle} `)] };
}

/** `x[sp]`, `x[0]`. */
function unnamedSlice({ before, token, rule }: Place): Advice | undefined {
  if (rule === 'sliceItem' && before && t.isWord(before)) {
    const help = `a slice names the axis of its label: \`[axis: ${before.image}]\``;
    return { help };
  }
  if (rule !== 'slice' || before?.tokenType !== t.LBracket) return undefined;
  return { help: `there is no indexing; a slice names an axis: \`[axis: ${token.image}]\`` };
}

/** A bracket that closes nothing. */
function stray({ token, open, span }: Place): Advice | undefined {
  if (!t.isCloser(token) || open) return undefined;
  return { help: `there is no bracket for \`${token.image}\` to close`, fixes: [remove(span)] };
}

const shorthandRules = new Set(['argument', 'argumentList', 'entry', 'record']);

/** A keyword cannot be short for itself. */
function keyword({ token, rule, span }: Place): Advice | undefined {
  if (!t.isKeyword(token) || !shorthandRules.has(rule)) return undefined;
  const { image } = token;
  const help = `\`${image}\` is a keyword, so it is not short for itself; write \`${image}: …\``;
  return { help, fixes: [insert(span, span.end, ': ')] };
}

const lists = new Set(['argumentList', 'parameterList', 'list', 'record', 'labels', 'importList']);

/** Inserts the one token that is missing. */
function missing({ token, atEnd, before, rule, expected, open, span }: Place): Advice {
  if (atEnd || !before) return {};
  if (!beginsValue(token)) return {};
  if (open && lists.has(rule) && /^`[)\]}]`$/.test(expected)) {
    if (before.tokenType === t.Comma) return {};
    const help = 'a comma is missing';
    return { help, fixes: [insert(span, endOf(before), ',')] };
  }
  const text = /^`([=:]|then|else|is|->)`$/.exec(expected)?.[1];
  if (text === undefined) return {};
  return { fixes: [insert(span, span.start, `${text} `)] };
}
