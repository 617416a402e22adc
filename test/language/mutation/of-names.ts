import { at, isLabelDeclared, misspell, occurrences, ofLibrary, written } from './places.js';
import type { Mutation } from './study.js';

/** Mistakes in names, and in what declares them. */
export const ofNames: Readonly<Record<string, Mutation>> = {
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
