import { diagnose } from '../../../base/codes.js';
import type { Fix, Report } from '../../../base/diagnostic.js';
import { changeTo, textAt } from '../../../base/fix.js';
import type { DefDeclaration, LetDeclaration, Module, Name, StageDeclaration } from '../../ast.js';
import type { Term } from '../../program.js';
import { removeUnused } from '../advice/remove-unused.js';
import type { Context, DeclaredName, Inner, Meaning } from '../context.js';
import { preludeNames } from '../expressions/check-prelude.js';
import { rejectAnnotations } from './check-annotations.js';
import { checkStage } from './check-stage.js';
import { reportCycle } from './cycle.js';
import { reportUnusedNames } from './declared-names.js';

/** What a `def` sees of its file. */
export interface DefScope {
  readonly module: Module;
  /** The file's. */
  readonly context: Context;
  /** A name of the file. */
  readonly symbol: (name: string) => DeclaredName | undefined;
  /** The names whose declarations are being checked: for cycles. */
  readonly open: DeclaredName[];
  /** Does something when all that uses the `def` is checked. */
  readonly later: (task: () => void) => void;
}

/** The inside of a `def`, with its parameters bound. */
export interface Body {
  /** Its own names. */
  readonly symbols: readonly DeclaredName[];
  /** For checking more expressions as if they stood in it. */
  readonly context: Context;
  /** The stages that it declares. */
  readonly inner: Inner;
  /** The value of its `return`. */
  readonly check: () => Term;
  /** Checks what `return` does not need, and warns of names that nothing uses. */
  readonly finish: (mistaken: boolean) => void;
}

/** What a `def` does not see of its file: it gets these as arguments. */
export const hiddenInDef = ['let', 'axis', 'dataset', 'transform', 'train', 'evaluate', 'report'];

const isHidden = (symbol: DeclaredName | undefined): boolean =>
  symbol !== undefined && hiddenInDef.includes(symbol.word);

/** Opens the body of a def where `params` are bound; stages go to the home of `context`. */
export function openBody(
  declaration: DefDeclaration,
  scope: DefScope,
  params: ReadonlyMap<string, Meaning>,
  context: Context,
): Body {
  const symbols = namesOf(declaration);
  const own = new Map<string, DeclaredName>();
  for (const symbol of symbols) if (!own.has(symbol.name.text)) own.set(symbol.name.text, symbol);
  for (const [name, meaning] of params) {
    const symbol = own.get(name);
    if (symbol?.word === 'parameter') symbol.meaning = meaning;
  }
  const inner: Context = {
    ...context,
    lookup,
    wordOf: (name) => own.get(name.text)?.word ?? scope.context.wordOf(name),
    isHidden: (name) => isHidden(scope.symbol(name.text)),
    reportUnknown: (name, report, as) => {
      const symbol = scope.symbol(name.text);
      if (!symbol || !isHidden(symbol)) return scope.context.reportUnknown(name, report, as);
      symbol.used = true;
      const args = { name: name.text, def: declaration.name.text };
      const help = 'make it a parameter';
      const related = [{ span: symbol.name.span, message: 'declared here' }];
      report(diagnose('not-in-def', name.span, args, { help, related }));
    },
  };

  function lookup(name: Name): Meaning | undefined {
    const symbol = own.get(name.text);
    if (!symbol) {
      return isHidden(scope.symbol(name.text)) ? undefined : scope.context.lookup(name);
    }
    symbol.used = true;
    context.note?.(name.span, { kind: 'name', symbol });
    return resolve(symbol);
  }

  function resolve(symbol: DeclaredName): Meaning {
    if (symbol.meaning) return symbol.meaning;
    const { open } = scope;
    if (open.includes(symbol)) {
      reportCycle(open.slice(open.indexOf(symbol)), context.report);
      return { kind: 'unknown' };
    }
    open.push(symbol);
    const meaning = meaningOf(symbol.declaration);
    open.pop();
    symbol.meaning = symbol.inCycle ? { kind: 'unknown' } : meaning;
    return symbol.meaning;
  }

  function meaningOf(part: DeclaredName['declaration']): Meaning {
    if (part.kind === 'let') return letIn(part);
    return part.kind === 'stage' ? stageIn(part) : { kind: 'unknown' };
  }

  function letIn(part: LetDeclaration): Meaning {
    rejectAnnotations(part.annotations, '`let`', inner);
    const home = { kind: 'none', what: 'a `let`' } as const;
    return { kind: 'term', term: inner.check(part.value, { ...inner, home }) };
  }

  function stageIn(part: StageDeclaration): Meaning {
    const { home } = context;
    if (home.kind === 'none') return { kind: 'unknown' };
    const { name, table, when, dims, facts } = home;
    return checkStage(part, inner, {
      name: `${name}.${part.name.text}`,
      // a part of a result is a result
      keyword: facts.keyword && part.keyword,
      table,
      when,
      dims,
      outer: facts.outer,
      resources: facts.resources,
    });
  }

  function finish(mistaken: boolean): void {
    for (const symbol of symbols) resolve(symbol);
    scope.later(() => reportUnusedNames(symbols, scope.module, mistaken, context.report));
  }

  const stages = () => symbols.filter(({ declaration }) => declaration.kind === 'stage');
  const inside: Inner = {
    names: () => stages().map(({ name }) => name.text),
    find: (part) => {
      const symbol = stages().find(({ name }) => name.text === part);
      return symbol && { meaning: resolve(symbol), symbol };
    },
  };

  const check = () => inner.check(declaration.value, inner);
  return { symbols, context: inner, inner: inside, check, finish };
}

/** Says which names of a def stand twice, are built in, or hide one that the def sees. */
export function reportScope(declaration: DefDeclaration, scope: DefScope, report: Report): void {
  const first = new Map<string, DeclaredName>();
  for (const symbol of namesOf(declaration)) {
    const { text, span } = symbol.name;
    const before = first.get(text);
    const outer = scope.symbol(text);
    if (preludeNames.includes(text)) {
      const help = 'choose another name';
      const fixes = [changeTo(span, `${text}_1`)];
      report(diagnose('built-in-name', span, { name: text }, { help, fixes }));
    } else if (before) {
      if (before.word === 'parameter' && symbol.word === 'parameter') continue; // said already
      const related = [{ span: before.name.span, message: 'declared here first' }];
      const edit = removeUnused(scope.module, span);
      const fixes = edit ? [{ title: `Remove this \`${text}\``, edits: [edit] }] : [];
      report(diagnose('duplicate-declaration', span, { name: text }, { related, fixes }));
    } else if (outer && outer.word !== 'broken' && !isHidden(outer)) {
      const what = outer.word === 'import' ? 'import' : `\`${outer.word}\``;
      const related = [{ span: outer.name.span, message: 'the name that it hides' }];
      const help = 'choose another name';
      const fixes = [renamed(declaration, text)];
      report(diagnose('shadowing', span, { name: text, what }, { help, related, fixes }));
    }
    first.set(text, symbol);
  }
}

/** Gives a name of a def another one, wherever the def has that word. */
function renamed({ span, name: own }: DefDeclaration, name: string): Fix {
  const pattern = new RegExp(`//.*|"(?:[^"\\\\\\n]|\\\\.)*"|(?<![\\w.])${name}(?!\\w)`, 'g');
  const edits = [...textAt(span).matchAll(pattern)].flatMap(({ 0: found, index }) => {
    const start = span.start + index;
    const at = { file: span.file, start, end: start + name.length };
    return found === name && start !== own.span.start ? [{ span: at, text: `${name}_1` }] : [];
  });
  return { title: `Rename to \`${name}_1\``, edits };
}

function namesOf(declaration: DefDeclaration): readonly DeclaredName[] {
  const symbol = (name: Name, word: string, of: DeclaredName['declaration']): DeclaredName => {
    return {
      name,
      word,
      declaration: of,
      imported: undefined,
      meaning: undefined,
      used: false,
    };
  };
  return [
    ...declaration.params.map(({ name }) => symbol(name, 'parameter', declaration)),
    ...declaration.body.map((part) =>
      symbol(part.name, part.kind === 'let' ? 'let' : part.keyword, part),
    ),
  ];
}
