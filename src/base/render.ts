import pc from 'picocolors';
import type { Diagnostic, Severity } from './diagnostic.js';
import { lineText, positionOf, type Span } from './source.js';
import { columnsOf, expandTabs, visible } from './width.js';

export interface RenderOptions {
  /** ANSI colours; plain otherwise. */
  readonly color?: boolean;
}

type Colors = ReturnType<typeof pc.createColors>;
type Paint = (text: string) => string;

/** Lines of a span that are shown at its start and at its end when it has many. */
const shownLines = 3;

/**
 * Diagnostics as people read them: severity and code, what is wrong, the place with its source
 * lines and carets under the span, related places, help. A blank line stands between two; the text
 * ends with a line break unless it is empty.
 */
export function render(diagnostics: readonly Diagnostic[], options: RenderOptions = {}): string {
  const colors = pc.createColors(options.color ?? false);
  return diagnostics.map((d) => `${renderOne(d, colors)}\n`).join('\n');
}

function paintOf(severity: Severity, colors: Colors): Paint {
  return severity === 'error' ? colors.red : colors.yellow;
}

function renderOne(diagnostic: Diagnostic, colors: Colors): string {
  const paint = paintOf(diagnostic.severity, colors);
  const title = colors.bold(paint(`${diagnostic.severity}[${diagnostic.code}]`));
  const related = diagnostic.related ?? [];
  const gutter = Math.max(
    ...[diagnostic.span, ...related.map((r) => r.span)].map(
      (span) => String(positionOf(span.file, Math.max(span.start, span.end - 1)).line).length,
    ),
  );
  const lines = [`${title}: ${colors.bold(visible(diagnostic.message))}`];
  lines.push(...frame(diagnostic.span, gutter, paint, colors));
  const pad = ' '.repeat(gutter);
  for (const { span, message } of related) {
    lines.push(`${pad} ${colors.cyan('note')}: ${visible(message)}`);
    lines.push(...frame(span, gutter, colors.cyan, colors));
  }
  if (diagnostic.help !== undefined) {
    lines.push(`${pad} ${colors.green('help')}: ${visible(diagnostic.help)}`);
  }
  return lines.join('\n');
}

/** `--> file:line:column`, then the lines of the span with carets under it. */
function frame(span: Span, gutter: number, paint: Paint, colors: Colors): string[] {
  const { file } = span;
  const first = positionOf(file, span.start);
  // the last character of the span; a span that ends with a line break ends before it
  const last = positionOf(file, Math.max(span.start, span.end - 1));
  const pad = ' '.repeat(gutter);
  const bar = colors.dim('|');
  const lines = [`${pad}${colors.dim('-->')} ${visible(file.path)}:${first.line}:${first.column}`];
  for (let line = first.line; line <= last.line; line++) {
    const skipped = last.line - first.line + 1 - 2 * shownLines;
    if (skipped > 1 && line === first.line + shownLines) {
      lines.push(`${pad} ${bar} ${colors.dim(`… ${skipped} lines`)}`);
      line += skipped;
    }
    const whole = lineText(file, line);
    const indent = whole.length - whole.trimStart().length;
    const begin = line === first.line ? first.column - 1 : indent;
    const offset = Math.max(0, begin - near);
    const text = whole.slice(offset, begin + near);
    const from = begin - offset;
    const to = (line === last.line ? last.column : whole.length) - offset;
    const end = line === last.line && span.end <= span.start ? from : Math.min(to, text.length);
    const [start, width] = [columnsOf(text.slice(0, from)), columnsOf(text.slice(0, end))];
    const carets = '^'.repeat(Math.max(1, width - start));
    const number = String(line).padStart(gutter);
    const cut = crop(expandTabs(visible(text)), start, carets);
    lines.push(`${colors.dim(number)} ${bar} ${cut.text}`.trimEnd());
    if (text.trim() !== '' || line === first.line) {
      lines.push(`${pad} ${bar} ${' '.repeat(cut.start)}${paint(cut.carets)}`);
    }
  }
  return lines;
}

const shownColumns = 120;

/** Characters around the start of a span in which columns are counted: a line may be megabytes long. */
const near = 1000;

/** The part of a long line around the carets. */
function crop(text: string, start: number, carets: string) {
  if (columnsOf(text) <= shownColumns) return { text, start, carets };
  const from = start < shownColumns - 20 ? 0 : start - 40;
  const lead = from > 0 ? '…' : '';
  const tail = text.length > from + shownColumns ? '…' : '';
  return {
    text: lead + text.slice(from, from + shownColumns) + tail,
    start: start - from + lead.length,
    carets: carets.slice(0, Math.max(1, from + shownColumns - start)),
  };
}

/** A diagnostic as `ssp check --json` prints it; lines and columns count from 1. */
export interface DiagnosticJson {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly file: string;
  readonly start: { readonly line: number; readonly column: number };
  readonly end: { readonly line: number; readonly column: number };
  readonly help: string | null;
  readonly related: readonly {
    readonly message: string;
    readonly file: string;
    readonly start: { readonly line: number; readonly column: number };
    readonly end: { readonly line: number; readonly column: number };
  }[];
  readonly fixes: readonly {
    readonly title: string;
    readonly edits: readonly {
      readonly file: string;
      readonly start: { readonly line: number; readonly column: number };
      readonly end: { readonly line: number; readonly column: number };
      readonly text: string;
    }[];
  }[];
}

/** The plain data of a diagnostic, in the published shape. */
export function toJson(diagnostic: Diagnostic): DiagnosticJson {
  const place = (span: Span) => ({
    file: span.file.path,
    start: positionOf(span.file, span.start),
    end: positionOf(span.file, span.end),
  });
  const { code, severity, message, span, help, related, fixes } = diagnostic;
  return {
    code,
    severity,
    message,
    ...place(span),
    help: help ?? null,
    related: (related ?? []).map((r) => ({ message: r.message, ...place(r.span) })),
    fixes: (fixes ?? []).map(({ title, edits }) => ({
      title,
      edits: edits.map((edit) => ({ ...place(edit.span), text: edit.text })),
    })),
  };
}
