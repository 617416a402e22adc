import type { Fix } from './diagnostic.js';
import type { Span } from './source.js';

/** Writes something else in a place. */
export function changeTo(span: Span, text: string): Fix {
  return { title: `Change to \`${text}\``, edits: [{ span, text }] };
}

/** Takes a place away. */
export function remove(span: Span): Fix {
  return { title: `Remove \`${textAt(span)}\``, edits: [{ span, text: '' }] };
}

/** Takes away what stands behind something, with the blank between. */
export function removeBehind(span: Span): Fix {
  const blank = /\s*$/.exec(span.file.text.slice(0, span.start))?.[0].length ?? 0;
  const edits = [{ span: { ...span, start: span.start - blank }, text: '' }];
  return { title: `Remove \`${textAt(span)}\``, edits };
}

/** Takes an item out of a list, with the comma that belongs to it. */
export function removeItem(span: Span): Fix {
  const { text } = span.file;
  const before = /,\s*$/.exec(text.slice(0, span.start));
  const after = /^\s*,\s*/.exec(text.slice(span.end))?.[0].length ?? 0;
  const start = before ? before.index : span.start;
  const end = before ? span.end : span.end + after;
  return {
    title: `Remove \`${textAt(span)}\``,
    edits: [{ span: { ...span, start, end }, text: '' }],
  };
}

/** Adds a text in front of an offset of a place's file. */
export function insert({ file }: Span, at: number, text: string): Fix {
  const span = { file, start: at, end: at };
  return { title: `Insert \`${text.trim()}\``, edits: [{ span, text }] };
}

/** The text at a place. */
export function textAt({ file, start, end }: Span): string {
  return file.text.slice(start, end);
}
