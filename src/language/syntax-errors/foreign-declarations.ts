import type { Advice, Fix } from '../../base/diagnostic.js';
import { changeTo } from '../../base/fix.js';
import { units } from '../lex/literals.js';
import type { Chunk } from '../lex/split.js';
import * as t from '../lex/tokens.js';
import type { Place } from './syntax-place.js';

const { true: yes, false: no } = t.operatorKeyword;

/** `param epochs: 200`, `param debug: true`. */
export function paramType({ chunk, token, rule, span }: Place): Advice | undefined {
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
export function yamlAxis({ chunk, token, expected }: Place): Advice | undefined {
  const next = chunk.tokens[chunk.tokens.indexOf(token) + 1];
  if (token.tokenType !== t.Colon || expected !== t.Equal.LABEL) return undefined;
  if (next?.tokenType !== t.Minus) return undefined;
  return yamlAdvice({ ...chunk, head: chunk.tokens.indexOf(token) - 1 });
}

/** `report "Table 1" = …`, `axis as "Seed" = …`. */
export function title({ chunk, token, before, expected, span }: Place): Advice | undefined {
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
export function importList({ chunk, token, open, span }: Place): Advice | undefined {
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
export function foreignImport({ chunk, token, before, open }: Place): Advice | undefined {
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
export function whereOnAxis({ chunk, token }: Place): Advice | undefined {
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
