import type { Span } from '../../base/source.js';

/** The text of a span on one line: comments gone, white space folded. */
export function foldedText(span: Span): string {
  const text = span.file.text.slice(span.start, span.end);
  return text
    .replace(/("(?:\\.|[^"\\])*")|\/\/[^\n]*/g, (_, quoted: string | undefined) => quoted ?? ' ')
    .replace(/("(?:\\.|[^"\\])*")|\s+/g, (_, quoted: string | undefined) => quoted ?? ' ')
    .trim();
}
