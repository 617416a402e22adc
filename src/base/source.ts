/** One source text and where things lie in it. */
export interface SourceFile {
  /** As shown to people: relative to the working directory, or `std.ssl` for the standard library. */
  readonly path: string;
  readonly text: string;
}

/** A half-open range of UTF-16 offsets `[start, end)` in one file. */
export interface Span {
  readonly file: SourceFile;
  readonly start: number;
  readonly end: number;
}

/** Line and column, both counted from 1; columns count UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A place as documents print it. */
export interface Place extends Position {
  readonly file: string;
}

const lineStarts = new WeakMap<SourceFile, readonly number[]>();

function startsOf(file: SourceFile): readonly number[] {
  const known = lineStarts.get(file);
  if (known) return known;
  const starts = [0];
  for (let i = 0; i < file.text.length; i++) if (file.text[i] === '\n') starts.push(i + 1);
  lineStarts.set(file, starts);
  return starts;
}

/** Position of an offset; an offset past the end is the end. */
export function positionOf(file: SourceFile, offset: number): Position {
  const starts = startsOf(file);
  const at = Math.max(0, Math.min(offset, file.text.length));
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= at) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: at - (starts[low] ?? 0) + 1 };
}

/** The text of one line (counted from 1), without its line break. */
export function lineText(file: SourceFile, line: number): string {
  const starts = startsOf(file);
  const start = starts[line - 1] ?? file.text.length;
  const end = starts[line] ?? file.text.length + 1;
  const { text } = file;
  const last = text[end - 1] === '\n' ? end - 1 : Math.min(end, text.length);
  return text.slice(
    start,
    last > start && text[last] === '\n' && text[last - 1] === '\r' ? last - 1 : last,
  );
}

/** The place where a span begins. */
export function placeOf(span: Span): Place {
  return { file: span.file.path, ...positionOf(span.file, span.start) };
}

/** The smallest span that covers both (they lie in one file). */
export function cover(a: Span, b: Span): Span {
  return { file: a.file, start: Math.min(a.start, b.start), end: Math.max(a.end, b.end) };
}
