import type { IToken } from '../lex/chevrotain.js';
import * as t from '../lex/tokens.js';
import type { Roles } from './format-roles.js';
import type { Group, Item, Part, Remark } from './format-tree.js';

const width = 100;
const step = 2;
/** Choices of an enum fill their lines; other operators have one each. */
const fillLevel = 5;

/** Where a stretch of text goes. */
interface Place {
  /** Columns in front of its further lines. */
  readonly indent: number;
  /** The column where it begins. */
  readonly column: number;
  /** Columns that must stay free behind it. */
  readonly reserve: number;
}

const blanks = (n: number) => ' '.repeat(n);
const lastLine = (text: string) => text.slice(text.lastIndexOf('\n') + 1);
const firstOf = (part: Part) =>
  part.kind === 'group' ? part.open : part.kind === 'token' ? part.token : undefined;
const lastOf = (part: Part) =>
  part.kind === 'group' ? part.close : part.kind === 'token' ? part.token : undefined;

const noSpaceBefore = new Set([t.Comma, t.Colon, t.Question, t.Dot, t.DotDot]);
const noSpaceAfter = new Set([t.Dot, t.DotDot, t.At]);

/** Lays out the declarations of a file. */
export function layoutFile(
  file: { readonly items: readonly Item[]; readonly rest: readonly Remark[] },
  roles: Roles,
): string {
  const lines = statements(file.items, file.rest, 0, roles);
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

/** Whether a blank stands between two neighbours. */
function gap(before: Part | undefined, after: Part, roles: Roles): string {
  const [a, b] = [before && lastOf(before), firstOf(after)];
  if (a === undefined || b === undefined) return '';
  if (after.kind === 'group' && after.attached) return '';
  if (noSpaceBefore.has(b.tokenType) || noSpaceAfter.has(a.tokenType)) return '';
  return roles.prefixes.has(a.startOffset) ? '' : ' ';
}

/** The text on one line, or nothing where it needs several. */
function flat(parts: readonly Part[], roles: Roles): string | undefined {
  let text = '';
  let before: Part | undefined;
  for (const part of parts) {
    const piece = part.kind === 'token' ? part.token.image : flatGroup(part, roles);
    if (piece === undefined) return undefined;
    text += gap(before, part, roles) + piece;
    before = part;
  }
  return text;
}

function flatGroup(part: Group | Remark, roles: Roles): string | undefined {
  if (part.kind === 'comment' || part.style === 'body' || part.rest.length > 0) return undefined;
  const { open, close, style } = part;
  if (part.broken && part.items.length > 0) return undefined;
  const pad = style === 'entries' && part.items.length > 0 ? ' ' : '';
  if (style === 'entries' && part.items.length > 1) return undefined;
  const pieces: string[] = [];
  for (const item of part.items) {
    const piece = flat(item.parts, roles);
    if (piece === undefined || item.before.length > 0 || item.behind) return undefined;
    pieces.push(piece);
  }
  return open.image + pad + pieces.join(', ') + pad + close.image;
}

function layout(parts: readonly Part[], place: Place, roles: Roles): string {
  const whole = flat(parts, roles);
  if (whole !== undefined && place.column + whole.length + place.reserve <= width) return whole;
  if (parts.some((p) => p.kind === 'comment')) return layoutAroundComments(parts, place, roles);
  const level = loosest(parts, roles);
  if (level === undefined) return layoutGroups(parts, place, roles);
  const pieces = cutBefore(parts, level, roles);
  const inner = place.indent + step;
  const fits = (piece: readonly Part[], i: number) => {
    const text = flat(piece, roles);
    const column = i === 0 ? place.column : inner;
    return text !== undefined && column + text.length + place.reserve <= width;
  };
  const long = pieces.filter((piece, i) => !fits(piece, i)).length;
  if (level > 0 && long === 1) {
    const grouped = layoutGroups(parts, place, roles);
    if (!overflows(grouped, place)) return grouped;
  }
  let text = '';
  for (const [i, piece] of pieces.entries()) {
    if (i === 0) {
      text = layout(piece, { ...place, reserve: 0 }, roles);
      continue;
    }
    const line = flat(piece, roles);
    const column = lastLine(text).length + (text.includes('\n') ? 1 : place.column + 1);
    const closed = text.includes('\n') && /^\s*[)\]}]/.test(lastLine(text));
    const joins = level === fillLevel || (level === 0 && closed);
    if (joins && line !== undefined && column + line.length + place.reserve <= width) {
      text += ` ${line}`;
    } else {
      const there = { indent: inner, column: inner, reserve: place.reserve };
      text += `\n${blanks(inner)}${layout(piece, there, roles)}`;
    }
  }
  return text;
}

function levelOf(part: Part, roles: Roles): number | undefined {
  return part.kind === 'token' ? roles.breaks.get(part.token.startOffset) : undefined;
}

function loosest(parts: readonly Part[], roles: Roles): number | undefined {
  const levels = parts.slice(1).flatMap((part) => levelOf(part, roles) ?? []);
  return levels.length === 0 ? undefined : Math.min(...levels);
}

function cutBefore(parts: readonly Part[], level: number, roles: Roles): Part[][] {
  const pieces: Part[][] = [[]];
  for (const [i, part] of parts.entries()) {
    if (i > 0 && levelOf(part, roles) === level) pieces.push([]);
    pieces.at(-1)?.push(part);
  }
  return pieces;
}

/** Breaks brackets, the widest first, until every line fits or all are broken. */
function layoutGroups(parts: readonly Part[], place: Place, roles: Roles): string {
  const broken = new Set<Part>();
  const candidates: { group: Group; size: number }[] = [];
  for (const part of parts) {
    if (part.kind !== 'group') continue;
    const text = flatGroup(part, roles);
    if (text === undefined) broken.add(part);
    else if (part.items.length > 0) candidates.push({ group: part, size: text.length });
  }
  candidates.sort((a, b) => b.size - a.size);
  for (;;) {
    const text = write(parts, broken, place, roles);
    const next = candidates.shift();
    if (next === undefined || !overflows(text, place)) return text;
    broken.add(next.group);
  }
}

function write(
  parts: readonly Part[],
  broken: ReadonlySet<Part>,
  place: Place,
  roles: Roles,
): string {
  let text = '';
  let before: Part | undefined;
  for (const part of parts) {
    text += gap(before, part, roles);
    before = part;
    if (part.kind === 'token') text += part.token.image;
    else if (part.kind === 'group') {
      const column = text.includes('\n') ? lastLine(text).length : place.column + text.length;
      text += broken.has(part)
        ? layoutGroup(part, { indent: place.indent, column, reserve: place.reserve }, roles)
        : (flatGroup(part, roles) ?? '');
    }
  }
  return text;
}

function overflows(text: string, place: Place): boolean {
  const lines = text.split('\n');
  return lines.some((line, i) => {
    const start = i === 0 ? place.column : 0;
    const reserve = i === lines.length - 1 ? place.reserve : 0;
    return start + line.length + reserve > width;
  });
}

/** Brackets over several lines. */
function layoutGroup(group: Group, place: Place, roles: Roles): string {
  const { open, close, items, rest, style } = group;
  const inner = place.indent + step;
  const [only] = items;
  const remarks = rest.length > 0 || items.some((i) => i.before.length > 0 || i.behind);
  if (style === 'list' && items.length === 1 && only && !remarks && isGroup(only.parts)) {
    const column = place.column + 1;
    const inside = layout(only.parts, { ...place, column, reserve: place.reserve + 1 }, roles);
    return open.image + inside + close.image;
  }
  let lines: string[];
  if (style === 'body') lines = statements(items, rest, inner, roles);
  else if (style === 'list' && !remarks && items.every(isLiteral))
    lines = fill(items, inner, roles);
  else {
    lines = stack(items, rest, inner, (item, i) => {
      const following = items[i + 1]?.parts[0];
      const comma =
        style === 'list' || (style === 'entries' && following && needsComma(firstOf(following)));
      const there = { indent: inner, column: inner, reserve: comma ? 1 : 0 };
      return layout(item.parts, there, roles) + (comma ? ',' : '');
    });
  }
  return [open.image, ...lines, blanks(place.indent) + close.image].join('\n');
}

const isGroup = (parts: readonly Part[]) => parts.length === 1 && parts[0]?.kind === 'group';

/** A number or a text, perhaps with a sign. */
function isLiteral(item: Item): boolean {
  const last = item.parts.at(-1);
  if (last?.kind !== 'token' || item.parts.length > 2) return false;
  const [first] = item.parts;
  const sign = first?.kind === 'token' && first.token.tokenType === t.Minus;
  const literal = last.token.tokenType === t.NumberToken || last.token.tokenType === t.StringToken;
  return literal && (item.parts.length === 1 || sign);
}

/** An entry that could go on the one before it. */
function needsComma(first: IToken | undefined): boolean {
  return first?.tokenType === t.Minus || t.isOpener(first);
}

/** As many to a line as fit. */
function fill(items: readonly Item[], indent: number, roles: Roles): string[] {
  const lines: string[] = [];
  let line = '';
  for (const item of items) {
    const piece = `${flat(item.parts, roles) ?? ''},`;
    if (line !== '' && indent + line.length + 1 + piece.length > width) {
      lines.push(blanks(indent) + line);
      line = '';
    }
    line += (line === '' ? '' : ' ') + piece;
  }
  return [...lines, blanks(indent) + line];
}

/** One item a line, with the comments and the paragraphs of the source. */
function stack(
  items: readonly Item[],
  rest: readonly Remark[],
  indent: number,
  one: (item: Item, index: number) => string,
): string[] {
  const lines: string[] = [];
  const pad = blanks(indent);
  const blank = (wanted: boolean) => {
    if (wanted && lines.length > 0) lines.push('');
  };
  for (const [i, item] of items.entries()) {
    for (const remark of item.before) {
      blank(remark.blankBefore);
      lines.push(pad + remark.text);
    }
    blank(item.blankBefore);
    lines.push(pad + one(item, i) + (item.behind ? ` ${item.behind.text}` : ''));
  }
  for (const remark of rest) {
    blank(remark.blankBefore);
    lines.push(pad + remark.text);
  }
  return lines;
}

/** Declarations, or the statements of a `def`: annotations on a line of their own. */
function statements(
  items: readonly Item[],
  rest: readonly Remark[],
  indent: number,
  roles: Roles,
): string[] {
  return stack(items, rest, indent, ({ parts }) => {
    const head = parts.findIndex((p) => {
      const first = firstOf(p);
      return first !== undefined && roles.heads.has(first.startOffset);
    });
    const body = layout(
      parts.slice(Math.max(0, head)),
      { indent, column: indent, reserve: 0 },
      roles,
    );
    return head > 0 ? annotations(parts.slice(0, head), indent, roles) + body : body;
  });
}

/** Annotations in one line, or as many as comments and the width ask for; ends with a line break. */
function annotations(parts: readonly Part[], indent: number, roles: Roles): string {
  const pieces: (Part[] | Remark)[] = [];
  for (const part of parts) {
    const last = pieces.at(-1);
    if (part.kind === 'comment') pieces.push(part);
    else if (firstOf(part)?.tokenType === t.At || !Array.isArray(last)) pieces.push([part]);
    else last.push(part);
  }
  const lines: string[] = [];
  let open = false;
  for (const piece of pieces) {
    const last = lines.at(-1) ?? '';
    if (!Array.isArray(piece)) {
      if (piece.ownLine || lines.length === 0) lines.push(piece.text);
      else lines[lines.length - 1] = `${last} ${piece.text}`;
      open = false;
      continue;
    }
    const text = layout(piece, { indent, column: indent, reserve: 0 }, roles);
    if (open && indent + lastLine(last).length + 1 + text.length <= width) {
      lines[lines.length - 1] = `${last} ${text}`;
    } else lines.push(text);
    open = true;
  }
  return lines.map((line) => `${line}\n${blanks(indent)}`).join('');
}

/** A comment inside an expression ends its line; what follows is indented. */
function layoutAroundComments(parts: readonly Part[], place: Place, roles: Roles): string {
  const inner = place.indent + step;
  let text = '';
  let pending: Part[] = [];
  let fresh = false;
  const flush = () => {
    if (pending.length === 0) return;
    if (fresh) text += `\n${blanks(inner)}`;
    const column = fresh ? inner : place.column;
    text += layout(
      pending,
      { indent: fresh ? inner : place.indent, column, reserve: place.reserve },
      roles,
    );
    [pending, fresh] = [[], false];
  };
  for (const part of parts) {
    if (part.kind !== 'comment') {
      pending.push(part);
      continue;
    }
    flush();
    text += part.ownLine || fresh ? `\n${blanks(inner)}${part.text}` : ` ${part.text}`;
    fresh = true;
  }
  flush();
  return text;
}
