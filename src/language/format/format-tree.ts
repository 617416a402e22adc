import { invariant } from '../../base/errors.js';
import type { IToken } from '../lex/chevrotain.js';
import { endOf, type Lexed } from '../lex/lex.js';
import { Comma, isCloser, isOpener } from '../lex/tokens.js';
import type { GroupStyle, Roles } from './format-roles.js';

/** A comment and how it stands. */
export interface Remark {
  readonly kind: 'comment';
  readonly text: string;
  /** Not behind something on its line. */
  readonly ownLine: boolean;
  readonly blankBefore: boolean;
}

export interface Leaf {
  readonly kind: 'token';
  readonly token: IToken;
}

/** Brackets and what is in them. */
export interface Group {
  readonly kind: 'group';
  readonly style: GroupStyle;
  readonly attached: boolean;
  /** Its author broke it over lines, and it is one that stays so. */
  readonly broken: boolean;
  readonly open: IToken;
  readonly close: IToken;
  readonly items: readonly Item[];
  /** Comments behind the last item, on their own lines. */
  readonly rest: readonly Remark[];
}

export type Part = Leaf | Group | Remark;

/** An element of brackets, a statement, or a whole declaration, with the comments about it. */
export interface Item {
  /** On their own lines in front of it. */
  readonly before: readonly Remark[];
  /** Whether a blank line stands just in front of its first token. */
  readonly blankBefore: boolean;
  readonly parts: readonly Part[];
  /** On its last line. */
  readonly behind: Remark | undefined;
}

/** The tokens and comments of a file, one after the other. */
interface Cursor {
  peek(): IToken | undefined;
  atComment(): boolean;
  take(): IToken;
  takeRemark(): Remark;
  /** Whether a line break stands in front of the next token. */
  breaks(): boolean;
  /** Whether a blank line stands in front of the next token. */
  blank(): boolean;
}

function cursorOf(text: string, lexed: Lexed): Cursor {
  const comments = new Set(lexed.comments);
  const all = [...lexed.tokens, ...lexed.comments].sort((a, b) => a.startOffset - b.startOffset);
  let at = 0;
  const lineBreaks = () => {
    const before = all[at - 1];
    const gap = text.slice(before ? endOf(before) : 0, all[at]?.startOffset ?? text.length);
    return gap.split('\n').length - 1;
  };
  const take = () => {
    const token = all[at++];
    invariant(token !== undefined, 'brackets balance where there is no mistake');
    return token;
  };
  return {
    peek: () => all[at],
    atComment: () => {
      const next = all[at];
      return next !== undefined && comments.has(next);
    },
    take,
    takeRemark() {
      const breaks = lineBreaks();
      const ownLine = at === 0 || breaks > 0;
      return { kind: 'comment', text: take().image.trimEnd(), ownLine, blankBefore: breaks > 1 };
    },
    breaks: () => lineBreaks() > 0,
    blank: () => lineBreaks() > 1,
  };
}

/** The declarations of a file, and the comments behind the last one. */
export function formatTree(
  text: string,
  lexed: Lexed,
  roles: Roles,
): { items: readonly Item[]; rest: readonly Remark[] } {
  return readItems(cursorOf(text, lexed), roles, false);
}

/** Reads up to a closing bracket or the end. Commas between items are left out. */
function readItems(cursor: Cursor, roles: Roles, commas: boolean) {
  const items: Item[] = [];
  let before: Remark[] = [];
  let parts: Part[] = [];
  let blankBefore = false;
  const finish = () => {
    if (parts.length === 0) return;
    const count = parts.findLastIndex((p) => p.kind !== 'comment') + 1;
    const comments = parts.slice(count).filter((p) => p.kind === 'comment');
    const behind = comments[0]?.ownLine === false ? comments.shift() : undefined;
    items.push({ before, blankBefore, parts: parts.slice(0, count), behind });
    [before, parts] = [comments, []];
  };
  for (let next = cursor.peek(); next && !isCloser(next); next = cursor.peek()) {
    if (cursor.atComment()) {
      const remark = cursor.takeRemark();
      const last = items.at(-1);
      if (parts.length > 0) parts.push(remark);
      else if (!remark.ownLine && last && !last.behind && before.length === 0) {
        items[items.length - 1] = { ...last, behind: remark };
      } else before.push(remark);
    } else if (commas && next.tokenType === Comma) {
      cursor.take();
      finish();
    } else {
      if (roles.starts.has(next.startOffset)) finish();
      if (parts.length === 0) blankBefore = cursor.blank();
      parts.push(readPart(cursor, roles));
    }
  }
  finish();
  return { items, rest: before };
}

function readPart(cursor: Cursor, roles: Roles): Part {
  const open = cursor.take();
  if (!isOpener(open)) return { kind: 'token', token: open };
  const role = roles.groups.get(open.startOffset);
  invariant(role !== undefined, `the grammar knows every bracket, but not \`${open.image}\``);
  const { style, attached } = role;
  const broken = role.lasting && cursor.breaks();
  const inside = readItems(cursor, roles, style === 'list' || style === 'entries');
  return { kind: 'group', style, attached, broken, open, ...inside, close: cursor.take() };
}
