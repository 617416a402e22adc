import type { SourceFile, Span } from '../../base/source.js';
import type { IToken } from './chevrotain.js';
import { endOf, type Lexed } from './lex.js';
import { Comma, DocComment, declarationKeyword, isOpener } from './tokens.js';

/** Consecutive `///` lines. */
interface Block {
  readonly lines: string[];
  readonly start: number;
  end: number;
  /** Offset of the next token, or the file's end. */
  readonly before: number;
  /** Stands behind a token on its line. */
  readonly behind: boolean;
  used: boolean;
}

/** The `///` comments of a file, to be taken by what they document. */
export interface DocComments {
  /** The text about the file. */
  readonly ofFile: string | undefined;
  /**
   * The text that stands before the token at this offset; it then counts as used. What stands
   * behind another token on its line is taken only if `behind` says so.
   */
  take(offset: number, behind?: boolean): string | undefined;
  /** Counts all comments in a range as used. */
  drop(start: number, end: number): void;
  /** The blocks that nobody took. */
  unused(): readonly Span[];
}

function gather(text: string, lexed: Lexed): readonly Block[] {
  const blocks: Block[] = [];
  let next = 0;
  let last: Block | undefined;
  for (const comment of lexed.comments) {
    if (comment.tokenType !== DocComment) {
      last = undefined;
      continue;
    }
    const start = comment.startOffset;
    let token = lexed.tokens[next];
    while (token !== undefined && token.startOffset < start) token = lexed.tokens[++next];
    const previous = lexed.tokens[next - 1];
    const target = token?.tokenType === Comma ? lexed.tokens[next + 1] : token;
    const before = target?.startOffset ?? text.length;
    const lineStart = text.lastIndexOf('\n', start - 1) + 1;
    const first = /^[\s\uFEFF]*$/.test(text.slice(lineStart, start));
    // behind an opening bracket it is about the first thing inside
    const ownLine = first || (previous !== undefined && isOpener(previous));
    const line = comment.image.slice(3).replace(/^ /, '').trimEnd();
    const gap = last === undefined ? '' : text.slice(last.end, start);
    if (last !== undefined && ownLine && last.before === before && !/\n\s*\n/.test(gap)) {
      last.lines.push(line);
      last.end = endOf(comment);
    } else {
      last = {
        lines: [line],
        start,
        end: endOf(comment),
        before,
        behind: !ownLine,
        used: false,
      };
      blocks.push(last);
      if (!ownLine) last = undefined;
    }
  }
  return blocks;
}

/**
 * Finds what the `///` comments document. The file's own text is what stands before the first
 * `import`; or, where the file begins otherwise, a first block with a blank line behind it.
 */
export function docComments(file: SourceFile, lexed: Lexed): DocComments {
  const blocks = gather(file.text, lexed);
  const first: IToken | undefined = lexed.tokens[0];
  const opening = blocks.filter(
    (b) => !b.behind && b.before === (first?.startOffset ?? file.text.length),
  );
  const [top] = opening;
  const blank = (b: Block) => /^[^\S\n]*\n\s*\n/.test(file.text.slice(b.end));
  const alone = top !== undefined && (opening.length > 1 || first === undefined || blank(top));
  const importsFirst = first?.tokenType === declarationKeyword.import;
  const ofFile = importsFirst ? opening : alone ? opening.slice(0, 1) : [];
  for (const block of ofFile) block.used = true;
  const text = (list: readonly Block[]) =>
    list.length === 0 ? undefined : list.map((b) => b.lines.join('\n')).join('\n\n');
  const byToken = new Map<number, Block[]>();
  for (const block of blocks) {
    const known = byToken.get(block.before);
    if (known === undefined) byToken.set(block.before, [block]);
    else known.push(block);
  }
  return {
    ofFile: text(ofFile),
    take(offset, behind = false) {
      const found = (byToken.get(offset) ?? []).filter((b) => !b.used && (behind || !b.behind));
      for (const block of found) block.used = true;
      return text(found);
    },
    drop(start, end) {
      for (const b of blocks) if (b.start >= start && b.start < end) b.used = true;
    },
    unused: () => blocks.filter((b) => !b.used).map(({ start, end }) => ({ file, start, end })),
  };
}
