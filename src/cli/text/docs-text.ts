import pc from 'picocolors';
import { positionOf } from '../../base/source.js';
import { columnsOf } from '../../base/width.js';
import { firstSentence } from '../../language/check/advice/first-sentence.js';
import type { LibraryDef } from '../../language/library.js';
import type { Extern, ExternParam } from '../../language/program.js';
import { shortName } from '../../language/terms/call-labels.js';
import { defaultText, signatureText } from '../../language/terms/extern-text.js';
import { showType } from '../../language/types/show-type.js';
import { unitText } from './unit-text.js';

/** One stage or value as the terminal shows it. */
export function externText(extern: Extern, colour: boolean): string {
  const { bold, dim } = pc.createColors(colour);
  const name = shortName(extern.name);
  const doc = linesOf(extern.doc);
  const own = extern.code !== undefined;
  return [
    `${bold(own ? name : extern.name)}  ${dim(`a ${extern.of}, version ${extern.version}`)}`,
    '',
    signatureText(extern).replaceAll(/^/gm, '  '),
    ...(doc.length === 0 ? [] : ['', ...doc]),
    ...parameterLines(extern.params, colour),
    '',
    own ? `  ${whereDeclared(extern)}` : `  import ${extern.name}`,
  ].join('\n');
}

/** A `def` of the library: what it is, and the text that a call of it becomes. */
export function defText(def: LibraryDef, colour: boolean): string {
  const { bold, dim } = pc.createColors(colour);
  return [
    `${bold(def.name)}  ${dim('a def, written in the language')}`,
    '',
    ...linesOf(def.doc),
    ...parameterLines(def.params, colour),
    '',
    def.text.replaceAll(/^/gm, '  '),
    '',
    `  import ${def.name}`,
  ].join('\n');
}

function parameterLines(params: readonly ExternParam[], colour: boolean): readonly string[] {
  const { bold, cyan, dim } = pc.createColors(colour);
  const lines = params.flatMap((param) => {
    const value = defaultText(param);
    const unit = unitText(param.type);
    const facts = [
      showType(param.type),
      value === undefined ? 'required' : `= ${value}`,
      ...(unit === '' ? [] : [dim(`in ${unit.replaceAll(' ', ', ')}`)]),
    ];
    const doc = linesOf(param.doc).map((line) => `      ${line}`);
    return [`  ${cyan(param.name)}  ${facts.join('  ')}`, ...doc];
  });
  return lines.length === 0 ? [] : ['', bold('Parameters'), ...lines];
}

/** `declared in study.ssp:4, done by sharpen.mjs`. */
function whereDeclared({ span, code }: Extern): string {
  const { line } = positionOf(span.file, span.start);
  const command = code?.kind === 'command' ? 'a command' : '';
  const work = code?.kind === 'module' ? code.path : command;
  return `declared in ${span.file.path}:${line}, done by ${work}`;
}

function linesOf(doc: string | undefined): readonly string[] {
  return doc === undefined ? [] : doc.trim().split('\n');
}

/** Columns of a list. */
const listWidth = 100;

/** A text broken at its blanks into lines of so many columns, where its words allow it. */
function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = lines.length === 0 ? word : `${lines.at(-1)} ${word}`;
    if (lines.length === 0 || columnsOf(longer) > Math.max(20, width)) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}

/** Every stage and value by module, with the first sentence about it. */
export function externList(externs: readonly Extern[], colour: boolean): string {
  const { bold, dim } = pc.createColors(colour);
  const width = Math.max(0, ...externs.map(({ name }) => shortName(name).length));
  const modules = new Map<string, Extern[]>();
  for (const extern of externs) {
    const module = extern.code
      ? extern.span.file.path
      : extern.name.slice(0, extern.name.lastIndexOf('.'));
    modules.set(module, [...(modules.get(module) ?? []), extern]);
  }
  return [...modules]
    .map(([module, members]) =>
      [
        bold(module),
        ...members.map((extern) => {
          const lines = wrapped(firstSentence(extern.doc ?? ''), listWidth - width - 4);
          const name = `  ${shortName(extern.name).padEnd(width)}  `;
          const first = `${name}${dim(lines[0] ?? '')}`.trimEnd();
          return [first, ...lines.slice(1).map((l) => ' '.repeat(width + 4) + dim(l))].join('\n');
        }),
      ].join('\n'),
    )
    .join('\n\n');
}
