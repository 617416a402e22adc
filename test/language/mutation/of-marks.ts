import { isCloser, isOpener } from '../../../src/language/lex/tokens.js';
import { at, depthAt, inBrackets, tokenAt } from './places.js';
import type { Mutation } from './study.js';

/** Mistakes in what stands between the words: brackets, commas, quotes. */
export const ofMarks: Readonly<Record<string, Mutation>> = {
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
  'a strange character': (file) =>
    file.snapshot.module.declarations.map((d) => at({ start: d.span.end, end: d.span.end }, ' §')),
  'a semicolon': (file) =>
    file.snapshot.module.declarations.map((d) => at({ start: d.span.end, end: d.span.end }, ';')),
  'a comment of another language': (file) =>
    file.snapshot.module.declarations.map((d) =>
      at({ start: d.span.start, end: d.span.start }, '/* why: it is (so) */\n'),
    ),
  'a word of another language': (file) =>
    file.tokens.flatMap((token) => {
      const other = { and: '&&', or: '||', not: '!', true: 'True', none: 'null' }[token.image];
      return other === undefined ? [] : [tokenAt(token, other)];
    }),
};
