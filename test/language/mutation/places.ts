import type { Span } from '../../../src/base/source.js';
import type { Argument, CallExpression, Declaration } from '../../../src/language/ast.js';
import type { IToken } from '../../../src/language/lex/chevrotain.js';
import { isCloser, isOpener } from '../../../src/language/lex/tokens.js';
import type { Extern } from '../../../src/language/program.js';
import { expressionsIn, type Mutation, type Site, type Studied } from './study.js';

export const at = ({ start, end }: { start: number; end: number }, text: string): Site => {
  return { start, end, text };
};

export const tokenAt = (token: IToken, text: string): Site =>
  at({ start: token.startOffset, end: token.startOffset + token.image.length }, text);

export const written = ({ file, start, end }: Span) => file.text.slice(start, end);

/** A word that is misspelt: two letters change places, or one is lost. */
function misspelt(word: string, words: ReadonlySet<string>): string | undefined {
  if (word.length < 4) return undefined;
  const half = Math.floor(word.length / 2);
  const swapped = `${word.slice(0, half - 1)}${word[half]}${word[half - 1]}${word.slice(half + 1)}`;
  const lost = word.slice(0, half) + word.slice(half + 1);
  return [swapped, lost].find((text) => text !== word && !words.has(text));
}

export const misspell =
  (which: (file: Studied) => readonly Span[]): Mutation =>
  (file) =>
    which(file).flatMap((span) => {
      const text = misspelt(written(span), file.words);
      return text === undefined ? [] : [at(span, text)];
    });

/** Words that stand for one kind of thing. */
export function occurrences(
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

export const declarationOf = (file: Studied, offset: number): Declaration | undefined =>
  file.snapshot.module.declarations.find(({ span }) => span.start <= offset && offset < span.end);

const imports = (file: Studied) =>
  file.snapshot.module.declarations.filter((d) => d.kind === 'import');

export const ofLibrary = (file: Studied) => imports(file).filter((d) => d.from.kind === 'library');

/** Tokens of one kind inside brackets of a declaration. */
export const inBrackets = (file: Studied, image: string, far = 1) =>
  file.tokens.filter((token, i) => {
    if (token.image !== image) return false;
    if (isCloser(file.tokens[i + far])) return false;
    return depthAt(file, i) > 0;
  });

export function depthAt(file: Studied, index: number): number {
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
export function externCalls(
  file: Studied,
): readonly { readonly call: CallExpression; readonly extern: Extern }[] {
  return file.calls.flatMap((call) => {
    if (call.callee.kind !== 'name') return [];
    const { start } = call.callee.span;
    const found = file.snapshot.occurrences.find((o) => o.span.start === start);
    const target = found?.targets[0];
    const meaning = target?.kind === 'name' ? target.symbol.meaning : undefined;
    return meaning?.kind === 'extern' ? [{ call, extern: meaning.extern }] : [];
  });
}

export const nameOf = (argument: Argument) => argument.name?.text;

/** The word that gives an axis's value its label, and that of a value named by itself. */
export function isLabelDeclared(file: Studied, span: Span): boolean {
  return declarationOf(file, span.start)?.kind === 'axis';
}

export function argumentsWith(file: Studied, first: string): readonly Argument[] {
  return externCalls(file).flatMap(({ call }) =>
    call.args.filter((a) => written(a.value.span).startsWith(first)),
  );
}

export function slices(file: Studied) {
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
