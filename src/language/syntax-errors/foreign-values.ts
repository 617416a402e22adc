import type { Advice } from '../../base/diagnostic.js';
import { changeTo, textAt } from '../../base/fix.js';
import type { Span } from '../../base/source.js';
import type { IToken, TokenType } from '../lex/chevrotain.js';
import { endOf } from '../lex/lex.js';
import { writeString } from '../lex/literals.js';
import * as t from '../lex/tokens.js';
import {
  around,
  bounds,
  closerOf,
  endOfValue,
  endsValue,
  replace,
  shortOr,
  textOf,
} from './part-of-text.js';
import type { Place } from './syntax-place.js';

/** `root: images/`, `root: ./images`: a path without its quotes. */
export function path(place: Place): Advice | undefined {
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
  const text = writeString(written);
  return { help: `a text stands in quotes: \`${text}\``, fixes: [replace(place, from, end, text)] };
}

/** `(0.2, 1.0)`. */
export function tuple({ chunk, token, before, open, rule, span }: Place): Advice | undefined {
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
export function bareList(place: Place): Advice | undefined {
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
export function keyedList({ chunk, token, open, rule, span }: Place): Advice | undefined {
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
        key: t.isWord(key) || key.image.startsWith('"') ? key.image : writeString(key.image),
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

/** `{200: 1}`. */
export function key({ chunk, token, open, rule, span }: Place): Advice | undefined {
  const next = chunk.tokens[chunk.tokens.indexOf(token) + 1];
  if (token.tokenType !== t.NumberToken || next?.tokenType !== t.Colon) return undefined;
  if (open?.tokenType !== t.LBrace || !entries.has(rule)) return undefined;
  return quotedKey(span);
}

/** `{vit-s: 1}`. */
export function hyphenKey({ chunk, token, before, open, rule, span }: Place): Advice | undefined {
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
  const text = writeString(textAt(span));
  return {
    help: `a key is a word, or stands in quotes: \`${text}\``,
    fixes: [changeTo(span, text)],
  };
}
