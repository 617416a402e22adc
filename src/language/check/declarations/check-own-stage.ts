import { diagnose } from '../../../base/codes.js';
import type { ExternDeclaration } from '../../ast.js';
import type { OwnFiles } from '../../own-files.js';
import type { ExternParam, OwnCode } from '../../program.js';
import { showType } from '../../types/show-type.js';
import type { Type } from '../../types.js';
import { choose } from '../advice/choose.js';
import type { Context } from '../context.js';
import { coerce } from '../expressions/coerce.js';
import { isEpochs } from '../expressions/kept-epochs.js';
import { knownValue } from '../expressions/known-value.js';
import { splitCommand } from './split-command.js';
import { checkUnreadFiles } from './unread-files.js';

/**
 * Checks what does the work of a stage or value that the user declares: a module, or for a stage a
 * command. None after a mistake.
 */
export function checkOwnStage(
  declaration: ExternDeclaration,
  params: readonly ExternParam[],
  files: OwnFiles,
  context: Context,
): OwnCode | undefined {
  const { name, of, from, command, result } = declaration;
  const module = 'end it with `from "./mine.mjs"`';
  if (of === 'value' && command) {
    const help = `${module}: a module that exports \`make\``;
    const why = 'a value is no command';
    context.report(diagnose('own-value', name.span, { name: name.text, why }, { help }));
    return undefined;
  }
  const keeps = params.find(({ type }) => isEpochs(type));
  if (keeps || (result.kind === 'named' && result.name.text === 'Epochs')) {
    const expected = 'a type of a stage of your own: its epochs are its own to keep';
    context.report(diagnose('type-form', keeps?.span ?? result.span, { name: 'Epochs', expected }));
    return undefined;
  }
  const isNetwork = of === 'value' && result.kind === 'named' && result.name.text === 'Backbone';
  if (isNetwork && !areCarried(declaration, params, context)) return undefined;
  if (from) return checkModule(from, files, context);
  if (command) return checkCommand(declaration, params, files, context);
  const help = of === 'value' ? module : `${module} or \`command "python train.py --out {out}"\``;
  context.report(diagnose('own-without-work', name.span, { name: name.text }, { help }));
  return undefined;
}

/**
 * An encoder carries the module of its network and the arguments, so that it can be read anywhere: has it what it
 * can carry?
 */
function areCarried(
  { name, from }: ExternDeclaration,
  params: readonly ExternParam[],
  context: Context,
): boolean {
  const other = params.find(({ type }) => !isData(type));
  if (other) {
    const why = `its encoders cannot carry \`${other.name}\`, which is ${showType(other.type)}`;
    const help =
      'a network takes numbers, texts, truth values, ranges, and lists and records of these';
    context.report(diagnose('own-value', other.span, { name: name.text, why }, { help }));
    return false;
  }
  if (!from?.path.endsWith('.js')) return true;
  const help =
    'name it `.mjs` (or `.cjs`): encoders carry it without the package.json that says what `.js` is';
  context.report(diagnose('import-path', from.span, { path: from.path }, { help }));
  return false;
}

/** Are its values data alone, which JSON holds? */
function isData(type: Type): boolean {
  switch (type.kind) {
    case 'number':
    case 'bool':
    case 'string':
    case 'enum':
    case 'range':
    case 'none':
    case 'unknown':
      return true;
    case 'list':
    case 'optional':
      return isData(type.of);
    case 'record':
      return Object.values(type.fields).every(isData);
    default:
      return false;
  }
}

function checkModule(
  { path: written, span }: NonNullable<ExternDeclaration['from']>,
  files: OwnFiles,
  context: Context,
): OwnCode | undefined {
  const help = /\.(mjs|cjs|js)$/.test(written)
    ? /^\.{1,2}\//.test(written)
      ? undefined
      : 'a path is relative to this file and begins with `./` or `../`'
    : 'a module ends with `.mjs`, `.js` or `.cjs`';
  if (help !== undefined) {
    context.report(diagnose('import-path', span, { path: written }, { help }));
    return undefined;
  }
  const path = existing(written, span, ['file'], files, context)?.path;
  return path === undefined ? undefined : { kind: 'module', path, imports: files.importsOf(path) };
}

function checkCommand(
  { command, reads, name, params: written }: ExternDeclaration,
  params: readonly ExternParam[],
  files: OwnFiles,
  context: Context,
): OwnCode | undefined {
  if (!command) return undefined;
  const { span } = command;
  const split = splitCommand(command.text);
  if ('mistake' in split) {
    context.report(diagnose('command-form', span, { found: split.mistake }));
    return undefined;
  }
  const out = written.find((param) => param.name.text === 'out');
  if (out) {
    const help = '`{out}` is the folder for the result';
    context.report(diagnose('built-in-name', out.name.span, { name: 'out' }, { help }));
  }
  const used = new Set(split.words.flat().flatMap((part) => ('param' in part ? [part.param] : [])));
  const known = [...params.map((param) => param.name), 'out'];
  const unknown = [...used].filter((placeholder) => !known.includes(placeholder));
  for (const placeholder of unknown) {
    const args = { name: placeholder, callee: name.text };
    const { text } = span.file;
    const at = text.indexOf(`{${placeholder}}`, span.start);
    const inner = { ...span, start: at + 1, end: at + 1 + placeholder.length };
    const advice = choose({ text: placeholder, span: inner }, known);
    context.report(diagnose('unknown-placeholder', span, args, advice));
  }
  if (!used.has('out')) {
    const found = 'no `{out}`, the folder where the result is left';
    context.report(diagnose('command-form', span, { found }));
  }
  for (const param of unknown.length > 0 ? [] : written) {
    const { text } = param.name;
    if (used.has(text) || text === 'out') continue;
    context.report(diagnose('unused', param.name.span, { name: text, word: 'parameter' }));
  }
  const list = reads ? readsOf(reads, files, context) : [];
  if (list) checkUnreadFiles({ command, reads }, split.words, list, files, context);
  const { path: folder } = files.at('.');
  return list && { kind: 'command', words: split.words, folder, reads: list };
}

const texts: Type = { kind: 'list', of: { kind: 'string' } };

/** The files and folders that a command reads beside its parameters. */
function readsOf(
  expression: NonNullable<ExternDeclaration['reads']>,
  files: OwnFiles,
  context: Context,
): Extract<OwnCode, { kind: 'command' }>['reads'] | undefined {
  const term = coerce(context.check(expression, context), texts, expression, '`reads`', context);
  const value = knownValue(term, expression.span, '`reads`', context);
  if (!Array.isArray(value)) return undefined;
  const items = expression.kind === 'list' ? expression.items : [];
  return value.flatMap((path, i) => {
    const span = items[i]?.span ?? expression.span;
    return existing(String(path), span, ['file', 'folder'], files, context) ?? [];
  });
}

/** What lies beside the file that names it, if it is one of some kinds; says when it is not. */
function existing<K extends 'file' | 'folder'>(
  written: string,
  span: ExternDeclaration['span'],
  kinds: readonly K[],
  files: OwnFiles,
  context: Context,
): { readonly path: string; readonly kind: K } | undefined {
  const { path, inside } = files.at(written);
  if (!inside) {
    const help = 'the stages of a package lie in it';
    context.report(diagnose('outside-package', span, { path: written }, { help }));
    return undefined;
  }
  const there = files.kindOf(path);
  const kind = kinds.find((one) => one === there);
  if (kind !== undefined) return { path, kind };
  const help = there ? `it is a ${there}` : 'the path is relative to the file that names it';
  context.report(diagnose('file-not-found', span, { what: 'file', path }, { help }));
  return undefined;
}
