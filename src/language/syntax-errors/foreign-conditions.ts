import type { Advice } from '../../base/diagnostic.js';
import { changeTo, textAt } from '../../base/fix.js';
import type { Span } from '../../base/source.js';
import type { IToken } from '../lex/chevrotain.js';
import { endOf } from '../lex/lex.js';
import * as t from '../lex/tokens.js';
import {
  around,
  closerOf,
  endOfValue,
  endsValue,
  replace,
  shortOr,
  textOf,
} from './part-of-text.js';
import type { Place } from './syntax-place.js';

/** `0.1 if a else 0.2`. */
export function trailingIf(place: Place): Advice | undefined {
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
export function ternary(place: Place): Advice | undefined {
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
export function membership(place: Place): Advice | undefined {
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
export function power({ token, before }: Place): Advice | undefined {
  if (token.tokenType !== t.Star || before?.tokenType !== t.Star) return undefined;
  return { help: 'there is no power operator; multiply with `*`' };
}
