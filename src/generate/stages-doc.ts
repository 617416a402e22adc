import { unitText } from '../cli/text/unit-text.js';
import type { LibraryDef } from '../language/library.js';
import type { Extern, ExternParam } from '../language/program.js';
import { shortName } from '../language/terms/call-labels.js';
import { defaultText, signatureText } from '../language/terms/extern-text.js';
import { showType } from '../language/types/show-type.js';

/** The text of `docs/stages.md`: everything that the standard library declares, by module. */
export function stagesDoc(externs: readonly Extern[], defs: readonly LibraryDef[]): string {
  const modules = new Map<string, (Extern | LibraryDef)[]>();
  for (const extern of [...externs, ...defs]) {
    const module = moduleOf(extern);
    modules.set(module, [...(modules.get(module) ?? []), extern]);
  }
  const contents = [...modules].map(([module, members]) => {
    const links = members.map((extern) => {
      const name = shortName(extern.name);
      return `[\`${name}\`](#${anchor(extern)})`;
    });
    return `- \`${module}\`: ${links.join(', ')}`;
  });
  const sections = [...modules].map(([module, members]) => {
    return [`## ${module}`, '', ...members.flatMap(section)].join('\n');
  });
  return [
    '# Stages and values',
    '',
    '<!-- Generated from stdlib/*.ssp by `npm run gen`. Do not edit. -->',
    '',
    'What `import std.…` offers. A *stage* is work whose result is kept; a *value* is a description that goes into a stage; a *def* is a text of the language that a call of it becomes.',
    '',
    ...contents,
    '',
    sections.join('\n'),
  ].join('\n');
}

function moduleOf(extern: Extern): string {
  return extern.name.slice(0, extern.name.lastIndexOf('.'));
}

/** What GitHub makes of the heading. */
function anchor(extern: Extern): string {
  return extern.name.replaceAll('.', '').toLowerCase();
}

function section(extern: Extern | LibraryDef): readonly string[] {
  const told = 'text' in extern ? defSection(extern) : stageSection(extern);
  return [`### ${extern.name}`, '', ...told];
}

/** A `def`: what it is, and its text. */
function defSection({ doc, text }: LibraryDef): readonly string[] {
  return ['A def.', '', ...(doc === undefined ? [] : [doc.trim(), '']), '```text', text, '```', ''];
}

/** What is declared: its version, how it is called, what it is, and its parameters. */
export function stageSection(extern: Extern): readonly string[] {
  const version = extern.version === 1 ? '' : `, version ${extern.version}`;
  return [
    `A ${extern.of}${version}.`,
    '',
    '```text',
    signatureText(extern),
    '```',
    '',
    ...(extern.doc === undefined ? [] : [extern.doc.trim(), '']),
    ...(extern.params.length === 0 ? [] : [...parameterTable(extern.params), '']),
  ];
}

function parameterTable(params: readonly ExternParam[]): readonly string[] {
  const rows = params.map((param) => {
    const value = defaultText(param);
    const cells = [
      `\`${param.name}\``,
      code(showType(param.type)),
      value === undefined ? 'required' : code(value),
      unitText(param.type),
      (param.doc ?? '')
        .trim()
        .replace(/\s*\n\s*/g, ' ')
        .replaceAll('|', '\\|'),
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return ['| parameter | type | default | unit | what it is |', '|---|---|---|---|---|', ...rows];
}

/** Inline code inside a table. */
function code(text: string): string {
  return `\`${text.replaceAll('|', '\\|')}\``;
}
