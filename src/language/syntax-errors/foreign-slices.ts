import type { Advice } from '../../base/diagnostic.js';
import { changeTo } from '../../base/fix.js';
import type { Span } from '../../base/source.js';
import type { IToken, TokenType } from '../lex/chevrotain.js';
import { endOf } from '../lex/lex.js';
import * as t from '../lex/tokens.js';
import { endOfPart } from './end-of-part.js';
import type { Place } from './syntax-place.js';

const { is, not, or, and } = t.operatorKeyword;

/** What stands in a slice where `:` and the labels do: conditions, lists, several labels without braces. */
export function foreignSlice({
  chunk,
  token,
  open,
  expected,
  rule,
  span,
}: Place): Advice | undefined {
  if (open?.tokenType !== t.LBracket) return undefined;
  const { tokens } = chunk;
  const at = tokens.indexOf(token);
  const end = endOfSlice(tokens, at);
  const compared =
    expected === t.Colon.LABEL && (comparing.has(token.tokenType) || token.image === 'in');
  const colon = compared
    ? at
    : tokens.findLastIndex((one, i) => i <= at && one.tokenType === t.Colon);
  const axis = tokens[colon - 1];
  if (!axis || !t.isWord(axis) || colon < tokens.indexOf(open)) return undefined;
  if (!compared && (colon === at || !inLabels.has(rule))) return undefined;
  const inside = tokens.slice(colon + 1, end);
  if (inside.some(({ tokenType }) => tokenType === t.Colon)) return undefined;
  const isOthers = orders.has(token.tokenType) || inside.some(({ tokenType }) => tokenType === not);
  const labels = isOthers ? [] : inside.filter(isLabel).map(({ image }) => image);
  const [label, ...more] = labels;
  if (label === undefined) {
    if (!isOthers) return undefined;
    return { help: `a slice names the labels that it keeps: \`[${axis.image}: {…}]\`` };
  }
  const written = more.length === 0 ? label : `{${labels.join(', ')}}`;
  const last = tokens[end - 1] ?? token;
  const whole: Span = { ...span, start: axis.startOffset, end: endOf(last) };
  const rest = more.length === 0 ? 'a label stands behind `:`' : 'several labels stand in braces';
  const text = `${axis.image}: ${written}`;
  return { help: `${rest}, as in \`[${text}]\``, fixes: [changeTo(whole, text)] };
}

const orders: ReadonlySet<TokenType> = new Set([
  t.NotEqual,
  t.Less,
  t.LessEqual,
  t.Greater,
  t.GreaterEqual,
]);

const comparing: ReadonlySet<TokenType> = new Set([...orders, t.EqualEqual, is, not]);

const inLabels: ReadonlySet<string> = new Set(['slice', 'sliceItem', 'labels', 'label']);

const between: ReadonlySet<TokenType> = new Set([is, not, or, and]);

const isLabel = (token: IToken): boolean =>
  !between.has(token.tokenType) &&
  token.image !== 'in' &&
  (t.isWord(token) || token.tokenType === t.NumberToken || token.tokenType === t.StringToken);

/** The index of what closes the slice in which a token stands, or of the comma before its next axis. */
const endOfSlice = (tokens: readonly IToken[], from: number): number =>
  endOfPart(
    tokens,
    from,
    ({ tokenType }, at) => tokenType === t.Comma && tokens[at + 2]?.tokenType === t.Colon,
  );
