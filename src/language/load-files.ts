import { basename, dirname, isAbsolute, join, normalize, relative } from 'node:path';
import { diagnose } from '../base/codes.js';
import type { Diagnostic, Report } from '../base/diagnostic.js';
import { changeTo } from '../base/fix.js';
import type { ImportDeclaration, Module } from './ast.js';
import type { Host } from './host.js';
import { writeString } from './lex/literals.js';
import { parse } from './parse/parser.js';

/** A file of a pipeline: the one asked for, or one that is imported. */
export interface LoadedFile {
  readonly module: Module;
  /** Tells files of a pipeline apart: `views` for `lab/views.ssp`, `views2` for another one. */
  readonly name: string;
  /** The folder of the package that it belongs to. */
  readonly root: string | undefined;
  /** Files by the import that names them; none where that has a mistake. */
  readonly imports: ReadonlyMap<ImportDeclaration, LoadedFile>;
}

type FileImport = ImportDeclaration & {
  readonly from: Extract<ImportDeclaration['from'], { kind: 'file' }>;
};

/**
 * Reads what a parsed file imports, directly or through others: each file once, the first before
 * those that it needs. Says which imports name no file, leave their package or go round in a circle.
 */
export function loadFiles(entry: Module, host: Host, report: Report): readonly LoadedFile[] {
  const identity = (path: string) => host.realPath?.(path) ?? normalize(path);
  const loaded = new Map<string, LoadedFile>();
  const names = new Set<string>();
  const above: { readonly id: string; readonly path: string }[] = [];

  function load(module: Module, root: string | undefined): LoadedFile {
    const { path } = module.file;
    const imports = new Map<ImportDeclaration, LoadedFile>();
    const file: LoadedFile = { module, name: freeName(path, names), root, imports };
    const id = identity(path);
    loaded.set(id, file);
    above.push({ id, path });
    for (const declaration of module.declarations) {
      if (!isFileImport(declaration)) continue;
      const found = follow(declaration, file);
      if (found) imports.set(declaration, found);
    }
    above.pop();
    return file;
  }

  function follow(declaration: FileImport, by: LoadedFile): LoadedFile | undefined {
    const target = locate(declaration.from.path, by, host);
    const { span } = declaration.from;
    if ('wrong' in target) {
      report(target.wrong(declaration));
      return undefined;
    }
    const id = identity(target.path);
    const at = above.findIndex((file) => file.id === id);
    if (at >= 0) {
      const loop = [...above.slice(at), { path: target.path }].map((file) => `\`${file.path}\``);
      const help = 'what both need goes into a file of its own, which both import';
      report(diagnose('import-cycle', span, { path: loop.join(' → ') }, { help }));
      return undefined;
    }
    const known = loaded.get(id);
    if (known) return known;
    const kind = host.kindOf?.(target.path) ?? 'file';
    const text = kind === 'file' ? host.readText(target.path) : undefined;
    if (text === undefined) {
      const relative = 'the path is relative to the file that imports it';
      const help = kind === 'file' ? relative : `it is a ${kind}`;
      report(diagnose('file-not-found', span, { what: 'file', path: target.path }, { help }));
      return undefined;
    }
    const parsed = (host.parse ?? parse)({ path: target.path, text });
    for (const mistake of parsed.diagnostics) report(mistake);
    return load(parsed.module, target.root);
  }

  load(entry, undefined);
  return [...loaded.values()];
}

function isFileImport(declaration: Module['declarations'][number]): declaration is FileImport {
  return declaration.kind === 'import' && declaration.from.kind === 'file';
}

type Located =
  | { readonly path: string; readonly root: string | undefined }
  | { readonly wrong: (at: FileImport) => Diagnostic };

const packaged = /^((?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*)\/(.+)$/i;

/** Where the file of an import lies. */
function locate(written: string, by: LoadedFile, host: Host): Located {
  const from = by.module.file.path;
  const dotted = written.startsWith('./') || written.startsWith('../');
  const wrong = (help: string, path?: string): Located => ({
    wrong: ({ from: { span } }) => {
      const fixes = path === undefined ? [] : [changeTo(span, writeString(path))];
      return diagnose('import-path', span, { path: written }, { help, fixes });
    },
  });
  if (written.includes('\\'))
    return wrong('folders are parted by `/`', written.replaceAll('\\', '/'));
  if (/^std[./]/.test(written)) {
    return wrong('the standard library stands without quotes: `import std.ssl.{simclr, vicreg}`');
  }
  if (!written.endsWith('.ssp')) return wrong('it ends with `.ssp`', `${written}.ssp`);
  if (dotted) return confined(join(dirname(from), written), by.root, written, host);
  const [, name, rest] = packaged.exec(written) ?? [];
  if (name === undefined || rest === undefined) {
    const help = 'a path is relative to this file and begins with `./` or `../`';
    if (written.startsWith('/')) return wrong(help);
    return wrong(`did you mean \`"./${written}"\`?`, `./${written}`);
  }
  const folder = host.packageFolder?.(name, from);
  if (folder !== undefined) return confined(join(folder, rest), folder, written, host);
  const other = name.startsWith('@') ? '' : `, or write \`"./${written}"\` for a file`;
  const help = `install it with \`npm install ${name}\`${other}`;
  return {
    wrong: ({ from: { span } }) => {
      const fixes = name.startsWith('@') ? [] : [changeTo(span, writeString(`./${written}`))];
      return diagnose('package-not-found', span, { name }, { help, fixes });
    },
  };
}

/** A file of a package stays inside it. */
function confined(path: string, root: string | undefined, written: string, host: Host): Located {
  if (root === undefined || isInside(path, root, host)) return { path, root };
  const help = 'what a package imports lies in it, or in a package that it names';
  return {
    wrong: ({ from: { span } }) => diagnose('outside-package', span, { path: written }, { help }),
  };
}

/** Does a path lie in a folder, whatever the path and the links on it say? */
export function isInside(path: string, folder: string, host: Host): boolean {
  const real = (p: string) => host.realPath?.(p) ?? p;
  return within(path, folder) && within(real(path), real(folder));
}

function within(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== '' && way !== '..' && !/^\.\.[\\/]/.test(way) && !isAbsolute(way);
}

/** A file's own name, with a number if another file has it. */
function freeName(path: string, names: Set<string>): string {
  const stem = basename(path)
    .replace(/\.ssp$/, '')
    .replaceAll(/\W/g, '_');
  let name = stem;
  for (let i = 2; names.has(name); i++) name = `${stem}${i}`;
  names.add(name);
  return name;
}
