import type { Json } from '../../../base/canonical.js';
import { diagnose } from '../../../base/codes.js';
import type { Diagnostic } from '../../../base/diagnostic.js';
import { textAt } from '../../../base/fix.js';
import type { SourceFile, Span } from '../../../base/source.js';
import type { Expression, ParamDeclaration } from '../../ast.js';
import { writeString } from '../../lex/literals.js';
import { parse } from '../../parse/parser.js';
import type { Param, Term } from '../../program.js';
import { evaluate } from '../../terms/evaluate.js';
import { isUnknown, literal } from '../../terms/terms.js';
import { numberType, unknownType } from '../../types/join-types.js';
import { showType } from '../../types/show-type.js';
import type { Type } from '../../types.js';
import { apart, type Context, type Meaning } from '../context.js';
import { checkType } from '../expressions/check-type.js';
import { coerce } from '../expressions/coerce.js';
import { knownValue } from '../expressions/known-value.js';
import { isTooLarge } from '../expressions/term-size.js';

/** A param, and what its name stands for. */
export interface CheckedParam {
  readonly meaning: Meaning;
  /** None after a mistake. */
  readonly param: Param | undefined;
}

/** How `--set` sets a param. */
export interface Setting {
  /** The name that it has in the file asked for. */
  readonly name: string;
  /** The text that is given, if one is. */
  readonly text: string | undefined;
}

/** Checks `param epochs: Int = 200`; a param without a setting can be set only where it is imported. */
export function checkParam(
  declaration: ParamDeclaration,
  setting: Setting | undefined,
  context: Context,
): CheckedParam {
  const name = declaration.name.text;
  const set = setting?.text;
  const what = `param \`${name}\``;
  const inner: Context = { ...context, home: { kind: 'none', what: 'a `param`' } };
  const written = declaration.type && checkType(declaration.type, 'parameter', inner);
  const given = declaration.value && inner.check(declaration.value, inner);
  const fitted =
    given && written && declaration.value
      ? coerce(given, written, declaration.value, what, inner)
      : given;
  const type = written ?? (fitted && inferred(fitted.type));
  const unknown: CheckedParam = { meaning: { kind: 'unknown' }, param: undefined };
  if (!type) {
    context.report(diagnose('param-type-missing', declaration.name.span, { name }));
    return unknown;
  }
  if (type.kind === 'unknown' || (fitted && isUnknown(fitted))) return unknown;
  if (!isData(type)) {
    const span = declaration.type?.span ?? declaration.value?.span ?? declaration.name.span;
    const help = 'give it the choices, `param method: "simclr" | "vicreg" = "simclr"`, and `match`';
    context.report(diagnose('param-type', span, { type: showType(type) }, { help }));
    return unknown;
  }
  if (set === undefined && !fitted) {
    const help = setting
      ? `run with \`--set ${setting.name}=…\``
      : `import \`${name}\` too, so that \`--set\` can give it a value`;
    context.report(
      diagnose('param-required', declaration.name.span, { name, type: showType(type) }, { help }),
    );
    return unknown;
  }
  if (fitted && isTooLarge(fitted, declaration.value?.span ?? fitted.span, what, context)) {
    return unknown;
  }
  const value =
    set === undefined
      ? fitted && constant(fitted, declaration.value, what, context)
      : readSetting(setting?.name ?? name, set, type, inner, declaration);
  if (value === undefined) return unknown;
  const span = declaration.value?.span ?? declaration.name.span;
  const { doc } = declaration;
  const term = termOf(value, type, span);
  const at = set === undefined ? undefined : settingAt(setting?.name ?? name, set);
  return {
    meaning: {
      kind: 'term',
      term: at && term.kind === 'literal' ? { ...term, given: at } : term,
    },
    param: { name, type, value, doc, span: declaration.name.span },
  };
}

/** A param's own value as a term: a path is a file, everything else plain data. */
function termOf(value: Json, type: Type, span: Term['span']): Term {
  const bare = type.kind === 'optional' && value !== null ? type.of : type;
  if (bare.kind !== 'path' && bare.kind !== 'folder') return literal(value, type, span);
  const path = literal(value, { kind: 'string' }, span);
  return { kind: 'file', path, folder: bare.kind === 'folder', type: bare, dims: [], span };
}

function constant(
  term: Term,
  expression: Expression | undefined,
  what: string,
  context: Context,
): Json | undefined {
  const plain = term.kind === 'file' ? term.path : term;
  return knownValue(plain, expression?.span ?? term.span, what, context);
}

/** The type of a param that has none written: that of its default, without bounds. */
function inferred(type: Type): Type {
  if (type.kind === 'number') return numberType(type.unit);
  return type.kind === 'none' ? unknownType : type;
}

/** Where the value stands in `--set name=text`. */
function settingAt(name: string, text: string): Span {
  const file: SourceFile = { path: '--set', text: `${name}=${text}` };
  return { file, start: name.length + 1, end: file.text.length };
}

/** Plain data, which a command line can give. */
function isData(type: Type): boolean {
  switch (type.kind) {
    case 'number':
    case 'bool':
    case 'string':
    case 'path':
    case 'folder':
    case 'enum':
      return true;
    case 'list':
    case 'range':
    case 'optional':
      return isData(type.of) || type.of.kind === 'unknown';
    case 'record':
      return Object.values(type.fields).every(isData);
    default:
      return false;
  }
}

/** What other tools take behind one name: several params, several values. */
function settingAdvice(name: string, text: string, isList: boolean): string | undefined {
  const [first = '', ...more] = text.split(/,(?=\s*[A-Za-z_]\w*=)/);
  if (more.length > 0) {
    const all = [`${name}=${first}`, ...more].map((part) => `--set ${part.trim()}`);
    return `each param has a \`--set\` of its own: \`${all.join(' ')}\``;
  }
  const several = /^[^,[\](){}"]+(?:,[^,[\](){}"]+)+$/.test(text);
  if (!several) return undefined;
  return isList
    ? `a list stands in brackets: \`--set '${name}=[${text}]'\``
    : `a param has one value; several are an axis of the file: \`axis ${name} = [${text}]\``;
}

/** `` as in `--set epochs=12` ``, by the value that the file gives. */
function asIn(name: string, { value }: ParamDeclaration): string | undefined {
  const text = value && textAt(value.span);
  const plain = text !== undefined && /^(?:-?\d[\w.%]*|true|false)$/.test(text);
  return plain ? `as in \`--set ${name}=${text}\`` : undefined;
}

/** Reads the text of `--set name=text` as a value of the param's type. */
function readSetting(
  name: string,
  text: string,
  type: Type,
  context: Context,
  declaration: ParamDeclaration,
): Json | undefined {
  const span = settingAt(name, text);
  const bare = type.kind === 'optional' ? type.of : type;
  const isText = ['string', 'path', 'folder', 'enum'].includes(bare.kind);
  const quoted = text.startsWith('"');
  const none = type.kind === 'optional' && text === 'none';
  const source = isText && !quoted && !none ? writeString(text) : text;
  const parsed = parse({ path: '--set', text: `let value = ${source}` });
  const [only] = parsed.module.declarations;
  const wrong = (found: readonly Diagnostic[]) => {
    const [first] = found;
    const said = first?.help === undefined ? first?.message : `${first.message}; ${first.help}`;
    const reason =
      settingAdvice(name, text, bare.kind === 'list') ??
      (first === undefined || first.code === 'unknown-name' ? asIn(name, declaration) : said);
    const related = [{ span: declaration.name.span, message: 'the param' }];
    const args = { name, text, type: showType(type) };
    context.report(
      diagnose(
        'bad-setting',
        span,
        args,
        reason === undefined ? { related } : { help: reason, related },
      ),
    );
    return undefined;
  };
  if (parsed.module.declarations.length !== 1 || only?.kind !== 'let') return wrong([]);
  const { context: quiet, found } = apart(context);
  const alone: Context = {
    ...quiet,
    lookup: () => undefined,
    reportUnknown: (unknown, report) =>
      report(diagnose('unknown-name', unknown.span, { name: unknown.text })),
  };
  // a text stands for a path as it is
  const target: Type = bare.kind === 'path' && !none ? { kind: 'string' } : type;
  const term = coerce(
    alone.check(only.value, alone),
    target,
    only.value,
    `param \`${name}\``,
    alone,
  );
  const value = evaluate(term.kind === 'file' ? term.path : term, {}, new Map());
  return found.length > 0 || value === undefined ? wrong(found) : value;
}
