import type { Span } from '../../../src/base/source.js';
import type { Argument, Declaration, Expression } from '../../../src/language/ast.js';
import { type Snapshot, snapshotOf } from '../../../src/language/editor/snapshot.js';
import type { IToken } from '../../../src/language/lex/chevrotain.js';
import { isCloser, isOpener } from '../../../src/language/lex/tokens.js';
import type { Source } from './corpus.js';

/** One mistake to make: what stands there becomes `text`. */
export interface Site {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A kind of mistake, and every place of a file where it can be made. */
export type Mutation = (file: Studied) => readonly Site[];

/** A file with what the mutations need to know of it. */
export interface Studied {
  readonly source: Source;
  readonly snapshot: Snapshot;
  readonly tokens: readonly IToken[];
  readonly calls: readonly Call[];
  readonly words: ReadonlySet<string>;
  /** Does neither of the declarations at two offsets use the other, or one that uses it? */
  readonly independent: (a: number, b: number) => boolean;
}

type Call = Extract<Expression, { kind: 'call' }>;

export function study(source: Source): Studied {
  const snapshot = snapshotOf(source.host(source.text), source.path);
  if (!snapshot) throw new Error(`no ${source.path}`);
  const nodes = expressionsIn(snapshot.module.declarations);
  return {
    source,
    snapshot,
    tokens: snapshot.lexed.tokens,
    calls: nodes.filter((node) => node.kind === 'call'),
    words: new Set(source.text.match(/[A-Za-z_]\w*/g)),
    independent: independence(snapshot),
  };
}

function independence({ module, occurrences }: Snapshot): Studied['independent'] {
  const { declarations } = module;
  const indexAt = (offset: number) =>
    declarations.findIndex(({ span }) => span.start <= offset && offset <= span.end);
  const uses = declarations.map(({ span }) => {
    const names = occurrences.filter((o) => span.start <= o.span.start && o.span.end <= span.end);
    return new Set(
      names.flatMap(({ targets }) =>
        targets.flatMap((target) => {
          if (target.kind === 'label') return [indexAt(target.label.span.start)];
          return target.kind === 'name' ? [indexAt(target.symbol.name.span.start)] : [];
        }),
      ),
    );
  });
  const reach = (from: number, seen = new Set<number>()): ReadonlySet<number> => {
    if (from < 0 || seen.has(from)) return seen;
    seen.add(from);
    for (const to of uses[from] ?? []) reach(to, seen);
    return seen;
  };
  return (a, b) => {
    const [i, j] = [indexAt(a), indexAt(b)];
    return i >= 0 && j >= 0 && !reach(i).has(j) && !reach(j).has(i);
  };
}

function expressionsIn(tree: unknown): readonly Expression[] {
  if (tree === null || typeof tree !== 'object') return [];
  const here = 'kind' in tree && 'span' in tree ? [tree as Expression] : []; // filtered by kind
  const parts = Object.entries(tree).filter(([key]) => key !== 'span');
  return [...here, ...parts.flatMap(([, part]) => expressionsIn(part))];
}

const at = ({ start, end }: { start: number; end: number }, text: string): Site => {
  return { start, end, text };
};
const tokenAt = (token: IToken, text: string): Site =>
  at({ start: token.startOffset, end: token.startOffset + token.image.length }, text);
const written = ({ file, start, end }: Span) => file.text.slice(start, end);

/** A word that is misspelt: two letters change places, or one is lost. */
function misspelt(word: string, words: ReadonlySet<string>): string | undefined {
  if (word.length < 4) return undefined;
  const half = Math.floor(word.length / 2);
  const swapped = `${word.slice(0, half - 1)}${word[half]}${word[half - 1]}${word.slice(half + 1)}`;
  const lost = word.slice(0, half) + word.slice(half + 1);
  return [swapped, lost].find((text) => text !== word && !words.has(text));
}

const misspell =
  (which: (file: Studied) => readonly Span[]): Mutation =>
  (file) =>
    which(file).flatMap((span) => {
      const text = misspelt(written(span), file.words);
      return text === undefined ? [] : [at(span, text)];
    });

/** Words that stand for one kind of thing. */
function occurrences(
  { snapshot }: Studied,
  kind: string,
  declaring: boolean | undefined = undefined,
): readonly Span[] {
  return snapshot.occurrences.flatMap(({ span, targets }) => {
    const [target, ...others] = targets;
    if (target?.kind !== kind || others.length > 0) return [];
    if (target.kind !== 'name' || declaring === undefined) return [span];
    const own = target.symbol.name.span.start === span.start;
    // a name that nothing uses may be any
    if (own && !target.symbol.used) return [];
    const imported = snapshot.module.declarations.some(
      (d) => d.kind === 'import' && d.span.start <= span.start && span.end <= d.span.end,
    );
    return own === declaring && !imported ? [span] : [];
  });
}

const declarationOf = (file: Studied, offset: number): Declaration | undefined =>
  file.snapshot.module.declarations.find(({ span }) => span.start <= offset && offset < span.end);

const imports = (file: Studied) =>
  file.snapshot.module.declarations.filter((d) => d.kind === 'import');
const ofLibrary = (file: Studied) => imports(file).filter((d) => d.from.kind === 'library');

/** Tokens of one kind inside brackets of a declaration. */
const inBrackets = (file: Studied, image: string, far = 1) =>
  file.tokens.filter((token, i) => {
    if (token.image !== image) return false;
    if (isCloser(file.tokens[i + far])) return false;
    return depthAt(file, i) > 0;
  });

function depthAt(file: Studied, index: number): number {
  let depth = 0;
  const offset = file.tokens[index]?.startOffset ?? 0;
  const from = declarationOf(file, offset)?.span.start ?? 0;
  for (const token of file.tokens.slice(0, index)) {
    if (token.startOffset < from) continue;
    if (isOpener(token)) depth += 1;
    else if (isCloser(token)) depth -= 1;
  }
  return depth;
}

/** Calls of declared stages and values, with the argument for each parameter. */
function externCalls(file: Studied) {
  return file.calls.flatMap((call) => {
    if (call.callee.kind !== 'name') return [];
    const { start } = call.callee.span;
    const found = file.snapshot.occurrences.find((o) => o.span.start === start);
    const target = found?.targets[0];
    const meaning = target?.kind === 'name' ? target.symbol.meaning : undefined;
    return meaning?.kind === 'extern' ? [{ call, extern: meaning.extern }] : [];
  });
}

const nameOf = (argument: Argument) => argument.name?.text;

/** Every kind of mistake, by what it is. */
export const mutations: Readonly<Record<string, Mutation>> = {
  'a use is misspelt': misspell((file) => occurrences(file, 'name', false)),
  'a declared name is misspelt': misspell((file) => occurrences(file, 'name', true)),
  'an imported name is misspelt': misspell((file) =>
    ofLibrary(file).flatMap((d) => d.names.map(({ name }) => name.span)),
  ),
  'a module is misspelt': misspell((file) =>
    ofLibrary(file).flatMap(({ from }) =>
      from.kind === 'library' ? [from.path.at(-1)?.span ?? []].flat() : [],
    ),
  ),
  'an import has no module': (file) =>
    ofLibrary(file).flatMap(({ from, names }) => {
      const [first, last] = from.kind === 'library' ? [from.path[0], names[0]?.name] : [];
      if (!first || !last || names.length > 1) return [];
      const end =
        written(
          last.span.start > 0
            ? { ...last.span, start: last.span.start - 1, end: last.span.start }
            : last.span,
        ) === '{'
          ? last.span.start - 1
          : last.span.start;
      return end === last.span.start ? [at({ start: first.span.start, end }, '')] : [];
    }),
  'an import takes the whole module': (file) =>
    ofLibrary(file).flatMap(({ from, span }) => {
      const last = from.kind === 'library' ? from.path.at(-1) : undefined;
      return last ? [at({ start: last.span.end, end: span.end }, '')] : [];
    }),
  'an import takes the whole library': (file) =>
    ofLibrary(file).flatMap(({ from, span }) => {
      const first = from.kind === 'library' ? from.path[0] : undefined;
      return first ? [at({ start: first.span.end, end: span.end }, '')] : [];
    }),
  'an import is missing': (file) =>
    ofLibrary(file).flatMap(({ span, names }) => (names.length === 1 ? [at(span, '')] : [])),
  'a declaration is missing': (file) =>
    file.snapshot.module.declarations.flatMap((d) =>
      ['axis', 'let', 'dataset', 'param', 'def', 'stage', 'transform'].includes(d.kind)
        ? [at(d.span, '')]
        : [],
    ),
  'a parameter is misspelt': misspell((file) => occurrences(file, 'parameter')),
  'a label is misspelt': misspell((file) =>
    occurrences(file, 'label').filter(
      (span) => /^[\w]+$/.test(written(span)) && !isLabelDeclared(file, span),
    ),
  ),
  'a label is none': (file) =>
    occurrences(file, 'label')
      .filter((span) => !isLabelDeclared(file, span))
      .map((span) => at(span, 'no_such_label')),
  'a choice is misspelt': misspell((file) => occurrences(file, 'choice')),
  'a field is misspelt': misspell((file) => occurrences(file, 'field')),
  'a built-in is misspelt': misspell((file) => occurrences(file, 'prelude')),
  'a keyword is misspelt': misspell((file) =>
    file.snapshot.module.declarations.map(({ span, annotations }) => {
      const start = annotations.at(-1)?.span.end ?? span.start;
      const gap = /^\s*/.exec(span.file.text.slice(start))?.[0].length ?? 0;
      const word = /^\w+/.exec(span.file.text.slice(start + gap))?.[0] ?? '';
      return { ...span, start: start + gap, end: start + gap + word.length };
    }),
  ),
  'a comma is missing': (file) => inBrackets(file, ',').map((token) => tokenAt(token, '')),
  'a closing bracket is missing': (file) =>
    file.tokens.filter(isCloser).map((token) => tokenAt(token, ' ')),
  'an opening bracket is missing': (file) =>
    file.tokens.filter(isOpener).map((token) => tokenAt(token, ' ')),
  'a colon is missing': (file) => inBrackets(file, ':').map((token) => tokenAt(token, '')),
  '`=` for `:`': (file) => inBrackets(file, ':').map((token) => tokenAt(token, ' =')),
  '`:` for `=`': (file) =>
    file.snapshot.module.declarations.flatMap((d) => {
      if (!('name' in d) || !d.name || d.kind === 'param') return [];
      const token = file.tokens.find((t) => t.startOffset > (d.name?.span.end ?? 0) - 1);
      return token?.image === '=' ? [tokenAt(token, ':')] : [];
    }),
  '`=` is missing': (file) =>
    file.tokens.flatMap((token, i) =>
      token.image === '=' && depthAt(file, i) === 0 ? [tokenAt(token, '')] : [],
    ),
  'a declared name is missing': (file) =>
    occurrences(file, 'name', true)
      .filter((span) =>
        file.snapshot.module.declarations.some((d) => {
          return 'name' in d && d.name?.span.start === span.start;
        }),
      )
      .map((span) => at(span, '')),
  'a declared name has a hyphen': (file) =>
    file.snapshot.module.declarations.flatMap((d) =>
      d.kind !== 'import' && 'name' in d && d.name && d.name.text.length > 3
        ? [at(d.name.span, `${d.name.text.slice(0, 2)}-${d.name.text.slice(2)}`)]
        : [],
    ),
  'a declaration stands there twice': (file) =>
    file.snapshot.module.declarations.flatMap((d) =>
      d.kind !== 'import' && 'name' in d
        ? [at({ start: d.span.end, end: d.span.end }, `\n${written(d.span)}`)]
        : [],
    ),
  'a unit is wrong': (file) =>
    file.tokens.flatMap((token) => {
      const unit = /^[\d._]+(px|%|h|min|s|GiB|MiB)$/.exec(token.image)?.[1];
      if (unit === undefined) return [];
      return [tokenAt(token, token.image.replace(unit, unit === 'deg' ? 'px' : 'deg'))];
    }),
  'a unit is unknown': (file) =>
    file.tokens.flatMap((token) =>
      /^[\d._]+(px|%|h|min|s|GiB|MiB)$/.test(token.image)
        ? [tokenAt(token, token.image.replace(/[a-zA-Z%]+$/, 'pxx'))]
        : [],
    ),
  'a unit does not touch its number': (file) =>
    file.tokens.flatMap((token) => {
      const [, number, unit] = /^([\d._]+)(px|%|h|min|s|GiB|MiB)$/.exec(token.image) ?? [];
      return unit === undefined ? [] : [tokenAt(token, `${number} ${unit}`)];
    }),
  'a number where a text is needed': (file) =>
    argumentsWith(file, '"').map((argument) => at(argument.value.span, '7')),
  'a text where a number is needed': (file) =>
    externCalls(file).flatMap(({ call }) =>
      call.args.filter((a) => a.value.kind === 'number').map((a) => at(a.value.span, '"seven"')),
    ),
  'a word where a text is needed': (file) =>
    argumentsWith(file, '"')
      .filter(({ value }) => value.kind === 'string' && /^[a-z]\w*$/.test(value.value))
      .map(({ value }) => at(value.span, value.kind === 'string' ? value.value : '')),
  'a whole number with an exponent': (file) =>
    externCalls(file).flatMap(({ call, extern }) =>
      call.args.flatMap((a) => {
        const param = extern.params.find((p) => p.name === nameOf(a));
        const int = param?.type.kind === 'number' && param.type.unit === 'Int';
        return int && a.value.kind === 'number' ? [at(a.value.span, '1e2')] : [];
      }),
    ),
  'a needed argument is missing': (file) =>
    externCalls(file).flatMap(({ call, extern }) => {
      const [first, second] = call.args;
      const param = extern.params[0];
      if (!first || first.name || first.shorthand || !param || param.default) return [];
      if (second && !second.name) return [];
      return [at({ start: first.span.start, end: second?.span.start ?? first.span.end }, '')];
    }),
  'an argument is given twice': (file) =>
    externCalls(file).flatMap(({ call }) =>
      call.args.flatMap((a) =>
        a.name ? [at({ start: a.span.end, end: a.span.end }, `, ${written(a.span)}`)] : [],
      ),
    ),
  'an argument is unknown': (file) =>
    externCalls(file).flatMap(({ call }) =>
      call.args.slice(-1).map((a) => at({ start: a.span.end, end: a.span.end }, ', nothing: 1')),
    ),
  'an argument in order passes over a bare name': (file) =>
    file.calls.flatMap(({ args: [first, second] }) => {
      const swapped = first && second && !second.name && nameOf(first) === undefined;
      if (!swapped || first.value.kind !== 'name' || second.value.kind === 'name') return [];
      const fills = file.snapshot.occurrences.find((o) => o.span.start === first.span.start);
      if (!fills?.targets.some((target) => target.kind === 'parameter')) return [];
      const text = `${written(second.span)}, ${written(first.span)}`;
      return [at({ start: first.span.start, end: second.span.end }, text)];
    }),
  'an argument has lost its name': (file) =>
    externCalls(file).flatMap(({ call }) =>
      call.args.flatMap((a, i) =>
        a.name && a.value.kind === 'number' && call.args.slice(0, i).some((b) => b.name)
          ? [at({ start: a.span.start, end: a.value.span.start }, '')]
          : [],
      ),
    ),
  'a text has no end': (file) =>
    file.tokens.flatMap((token) =>
      token.image.startsWith('"') ? [tokenAt(token, token.image.slice(0, -1))] : [],
    ),
  'a text has single quotes': (file) =>
    file.tokens.flatMap((token) =>
      token.image.startsWith('"') && !token.image.includes("'")
        ? [tokenAt(token, `'${token.image.slice(1, -1)}'`)]
        : [],
    ),
  'an escape is unknown': (file) =>
    file.tokens.flatMap((token) =>
      token.image.startsWith('"') ? [tokenAt(token, `"\\q${token.image.slice(1)}`)] : [],
    ),
  'a keyword does not fit': (file) =>
    file.snapshot.module.declarations.flatMap((d) => {
      if (d.kind !== 'stage' || file.source.path.includes('own-stages')) return [];
      const start = d.span.file.text.indexOf(
        d.keyword,
        d.annotations.at(-1)?.span.end ?? d.span.start,
      );
      const other = d.keyword === 'train' ? 'evaluate' : 'train';
      return [at({ start, end: start + d.keyword.length }, other)];
    }),
  'a strange character': (file) =>
    file.snapshot.module.declarations.map((d) => at({ start: d.span.end, end: d.span.end }, ' §')),
  'a semicolon': (file) =>
    file.snapshot.module.declarations.map((d) => at({ start: d.span.end, end: d.span.end }, ';')),
  'a comment of another language': (file) =>
    file.snapshot.module.declarations.map((d) =>
      at({ start: d.span.start, end: d.span.start }, '/* why: it is (so) */\n'),
    ),
  'a slice names no axis': (file) =>
    slices(file).map(({ item, labels }) => at({ start: item.start, end: labels }, '')),
  'a slice names an axis that is none': (file) =>
    slices(file).map(({ item, axis }) => at({ start: item.start, end: axis }, 'no_such_axis')),
  'a word of another language': (file) =>
    file.tokens.flatMap((token) => {
      const other = { and: '&&', or: '||', not: '!', true: 'True', none: 'null' }[token.image];
      return other === undefined ? [] : [tokenAt(token, other)];
    }),
  'a param has a value out of its bounds': (file) =>
    file.snapshot.module.declarations.flatMap((d) =>
      d.kind === 'param' && d.type?.kind === 'named' && d.type.refinement && d.value
        ? [at(d.value.span, '-7')]
        : [],
    ),
  'an entry of an axis is missing': (file) =>
    file.snapshot.module.declarations.flatMap((d) => {
      if (d.kind !== 'axis' || d.values.kind !== 'record') return [];
      const { entries } = d.values;
      return entries.flatMap((entry, i) => {
        const [before, after] = [entries[i - 1], entries[i + 1]];
        const used = occurrences(file, 'label').some(
          (span) => written(span) === entry.key.text && !isLabelDeclared(file, span),
        );
        if (!used || (!before && !after)) return [];
        const start = before ? before.span.end : entry.span.start;
        const end = !before && after ? after.span.start : entry.span.end;
        return [at({ start, end }, '')];
      });
    }),
  'a declaration needs itself': (file) =>
    file.snapshot.module.declarations.flatMap((d) =>
      d.kind === 'let'
        ? [
            at(
              { start: d.value.span.start, end: d.value.span.start },
              `if 1 > 2 then ${d.name.text} else `,
            ),
          ]
        : [],
    ),
  'an annotation is unknown': (file) =>
    file.snapshot.module.declarations.flatMap((d) =>
      d.kind === 'stage' ? [at({ start: d.span.start, end: d.span.start }, '@gpus(1)\n')] : [],
    ),
};

/** The word that gives an axis's value its label, and that of a value named by itself. */
function isLabelDeclared(file: Studied, span: Span): boolean {
  return declarationOf(file, span.start)?.kind === 'axis';
}

function argumentsWith(file: Studied, first: string): readonly Argument[] {
  return externCalls(file).flatMap(({ call }) =>
    call.args.filter((a) => written(a.value.span).startsWith(first)),
  );
}

function slices(file: Studied) {
  return expressionsIn(file.snapshot.module.declarations).flatMap((node) =>
    node.kind === 'slice'
      ? node.items.flatMap((item) => {
          const labels = item.set ? undefined : item.labels[0]?.span.start;
          return labels === undefined
            ? []
            : [{ item: item.span, axis: item.axis.span.end, labels }];
        })
      : [],
  );
}
