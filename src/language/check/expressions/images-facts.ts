import { diagnose } from '../../../base/codes.js';
import type { Advice } from '../../../base/diagnostic.js';
import type { Arg, Call, Extern } from '../../program.js';
import { shortName } from '../../terms/call-labels.js';
import type { ImagesPart, Type } from '../../types.js';
import { choose } from '../advice/choose.js';
import type { Context } from '../context.js';
import { valuesOf } from './coerce.js';

/** The type of a call's result: images that have the attributes of others have those of the argument. */
export function resultOf({ extern, args }: Call): Type {
  const { result } = extern;
  if (result.kind !== 'artifact' || result.facts === undefined) return result;
  const facts: Partial<Record<ImagesPart, readonly string[]>> = {};
  for (const part of ['attributes', 'splits'] as const) {
    const declared = result.facts[part];
    if (declared === undefined) continue;
    const known = 'of' in declared ? namesOf(argument(args, declared.of), part) : declared;
    if (known) facts[part] = known;
  }
  return { ...result, facts };
}

/**
 * Says where an argument names an attribute or a split that the images of the call do not have. Of
 * images of which nothing is declared nothing is said before they are made.
 */
export function checkNames({ extern, args, span }: Call, context: Context): void {
  for (const param of extern.params) {
    const type = param.type.kind === 'optional' ? param.type.of : param.type;
    const names = type.kind === 'string' ? type.names : undefined;
    const arg = argument(args, param.name);
    const known = names && namesOf(argument(args, names.of), names.part);
    if (!names || !arg || !known) continue;
    // an optional one that nobody wrote need not be there
    if (arg.filled && param.type.kind === 'optional') continue;
    const wrong = valuesOf(arg.value, context)?.find(
      (value) => typeof value === 'string' && !known.includes(value),
    );
    if (typeof wrong !== 'string') continue;
    const what = names.part === 'splits' ? 'split' : 'attribute';
    const at = arg.filled ? span : arg.span;
    const advice = adviceFor(arg, wrong, known, param.name, extern);
    context.report(diagnose('not-in-images', at, { what, name: wrong }, advice));
  }
}

function adviceFor(
  arg: Arg,
  wrong: string,
  known: readonly string[],
  param: string,
  extern: Extern,
): Advice {
  const advice = choose({ text: wrong, span: arg.span }, known, 'they have none', JSON.stringify);
  if (!arg.filled) return arg.value.kind === 'literal' ? advice : { help: advice.help };
  const given = `\`${param}\` of \`${shortName(extern.name)}\` is \`${JSON.stringify(wrong)}\` where none is given`;
  return { help: `${given}; ${advice.help}` };
}

const argument = (args: readonly Arg[], name: string): Arg | undefined =>
  args.find((arg) => arg.name === name);

/** The attributes or splits of images, where they are known. */
function namesOf(arg: Arg | undefined, part: ImagesPart): readonly string[] | undefined {
  const type = arg?.value.type;
  const facts = type?.kind === 'artifact' ? type.facts?.[part] : undefined;
  return facts === undefined || 'of' in facts ? undefined : facts;
}
