/** A line of seven marks, as version control writes them. */
const marker = /^(<{7}|\|{7}|={7}|>{7})(?: .*)?$/;

export interface Line {
  readonly start: number;
  readonly end: number;
  /** `<`, `|`, `=` or `>` where the line is a marker. */
  readonly mark: string | undefined;
}

/** Is there a line that may be a marker? Quick. */
export const mayConflict = (text: string): boolean =>
  /^(?:<{7}|>{7}|={7}|\|{7})(?: |\r?$)/m.test(text);

/** The first whole conflict that a merge has left in a text: `lines 2 to 6 are a merge conflict`, and what to do. */
export function conflictIn(text: string): string | undefined {
  if (!mayConflict(text)) return undefined;
  const lines = linesOf(text);
  for (const [i, { mark }] of lines.entries()) {
    const end = mark === '<' ? endOfConflict(lines, i) : undefined;
    if (end === undefined) continue;
    return `lines ${i + 1} to ${end + 1} are a merge conflict: keep one side, and remove the markers`;
  }
  return undefined;
}

/** The index of the line that ends the conflict which a line begins. */
export function endOfConflict(lines: readonly Line[], from: number): number | undefined {
  let split = false;
  for (let i = from + 1; i < lines.length; i++) {
    const mark = lines[i]?.mark;
    if (mark === '<') return undefined;
    if (mark === '=') split = true;
    if (mark === '>') return split ? i : undefined;
  }
  return undefined;
}

export function linesOf(text: string): readonly Line[] {
  const lines: Line[] = [];
  let start = 0;
  for (const written of text.split('\n')) {
    const line = written.replace(/\r$/, '');
    const mark = marker.exec(line)?.[1]?.[0];
    lines.push({ start, end: start + line.length, mark });
    start += written.length + 1;
  }
  return lines;
}
