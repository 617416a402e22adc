import type { Span } from '../../base/source.js';
import type { DefDeclaration, Name } from '../ast.js';
import type { DeclaredName, Meaning, Note, Target } from '../check/context.js';
import type { OpenModule } from '../check/module/open-module.js';
import { spanKey } from './span-key.js';

/** A word and what it stands for; a shorthand such as `epochs` in a call stands for two things. */
export interface Occurrence {
  readonly span: Span;
  readonly targets: readonly Target[];
}

/** What checking noted of which places, each word once and by place, with the words that declare. */
export function occurrencesOf(
  spans: readonly Span[],
  targets: readonly Target[],
  open: OpenModule,
): readonly Occurrence[] {
  const found = new Map<string, { span: Span; targets: Target[] }>();
  const note: Note = (span, target) => {
    // matching labels looks names up in places where they do not stand
    const text = span.file.text.slice(span.start, span.end);
    if (target.kind === 'name' && !isWord(text)) return;
    const key = `${span.start}-${span.end}`;
    const known = found.get(key);
    if (!known) found.set(key, { span, targets: [target] });
    else if (known.targets.some((other) => same(other, target))) return;
    // of a shorthand the name comes before the parameter that it fills
    else if (target.kind === 'name') known.targets.unshift(target);
    else known.targets.push(target);
  };
  for (const [i, span] of spans.entries()) {
    const target = targets[i];
    if (target) note(span, target);
  }
  for (const symbol of open.symbols) {
    note(symbol.name.span, { kind: 'name', symbol });
    if (symbol.word === 'axis' && symbol.meaning) noteLabels(symbol.meaning, note);
    if (symbol.declaration.kind === 'def') noteDef(symbol.declaration, found, note);
  }
  return [...found.values()].sort((a, b) => a.span.start - b.span.start);
}

const isWord = (text: string) => /^[A-Za-z_]\w*$/.test(text);

/** The names that a `def` declares: those that are used are known, the others stand for themselves. */
function noteDef(
  declaration: DefDeclaration,
  found: ReadonlyMap<string, { readonly targets: readonly Target[] }>,
  note: Note,
): void {
  const used = new Map<string, Target>();
  for (const { targets } of found.values()) {
    for (const target of targets) {
      if (target.kind === 'name') used.set(spanKey(target.symbol.name.span), target);
    }
  }
  const declare = (name: Name, word: string, of: DeclaredName['declaration']) => {
    const { span } = name;
    const alone = { name, word, declaration: of, imported: undefined, meaning: undefined };
    const symbol: DeclaredName = { ...alone, used: false };
    note(span, used.get(spanKey(span)) ?? { kind: 'name', symbol });
  };
  for (const { name } of declaration.params) declare(name, 'parameter', declaration);
  for (const part of declaration.body)
    declare(part.name, part.kind === 'let' ? 'let' : part.keyword, part);
}

/** The words that give an axis's values their labels. */
function noteLabels(meaning: Meaning, note: (span: Span, target: Target) => void): void {
  if (meaning.kind !== 'axis') return;
  const { axis } = meaning;
  for (const label of axis.labels) {
    const { span } = label;
    const text = span.file.text.slice(span.start, span.end);
    if (text === label.label || text === JSON.stringify(label.label)) {
      note(span, { kind: 'label', axis, label });
    }
  }
}

function same(a: Target, b: Target): boolean {
  if (a.kind === 'name' && b.kind === 'name') {
    return spanKey(a.symbol.name.span) === spanKey(b.symbol.name.span);
  }
  return a.kind === b.kind;
}
