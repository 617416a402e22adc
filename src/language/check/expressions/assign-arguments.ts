import { diagnose } from '../../../base/codes.js';
import { insert, removeItem } from '../../../base/fix.js';
import type { Argument, CallExpression, Name } from '../../ast.js';
import type { Extern, ExternParam } from '../../program.js';
import { shortName } from '../../terms/call-labels.js';
import { type Context, inside } from '../context.js';
import { nameIt, nameOf, unknownParameterAdvice } from './argument-advice.js';
import { type Placed, placeArguments, writtenAs } from './place-arguments.js';

/** Which argument goes to which parameter; reports those that go nowhere. */
export function assignArguments(
  expression: CallExpression,
  extern: Extern,
  context: Context,
): { readonly given: ReadonlyMap<string, Argument>; readonly twice: ReadonlySet<string> } {
  const { args } = expression;
  const given = new Map<string, Argument>();
  const twice = new Set<string>();
  const callee = shortName(extern.name);
  const names = extern.params.map((param) => param.name);
  const placed = placeArguments(args.map(writtenAs), names);
  const said = new Set<string>();
  const lost = (argument: Argument) => context.check(argument.value, inside(context, 'x'));
  for (const [i, argument] of args.entries()) {
    const place = placed[i];
    const name = nameOf(argument);
    switch (place?.kind) {
      case 'fills': {
        const word = name ?? bareName(argument, place.param);
        if (!word && (place.skipped !== undefined || said.has('skips'))) {
          // that the others skip it too is the same mistake
          if (place.skipped !== undefined && !said.has('skips'))
            reportSkip(argument, place.param, place.skipped, { args, placed }, callee, context);
          said.add('skips');
          lost(argument);
          break;
        }
        given.set(place.param, argument);
        const param = extern.params.find((p) => p.name === place.param);
        if (word && param) context.note?.(word.span, { kind: 'parameter', extern, param });
        break;
      }
      case 'twice': {
        twice.add(place.param);
        const before = given.get(place.param);
        const related = before ? [{ span: before.span, message: 'given here already' }] : [];
        const fixes = [removeItem(argument.span)];
        const about = { name: place.param, callee };
        context.report(diagnose('duplicate-argument', argument.span, about, { related, fixes }));
        lost(argument);
        break;
      }
      case 'behind': {
        const first = args.find((other) => nameOf(other) !== undefined);
        const related = first ? [{ span: first.span, message: 'the first named argument' }] : [];
        const more = { ...nameIt(argument, expression, extern), related };
        // that the others have no name either is the same mistake
        if (!said.has('behind'))
          context.report(diagnose('positional-after-named', argument.span, { callee }, more));
        said.add('behind');
        lost(argument);
        break;
      }
      case 'too-many': {
        const count = extern.params.length;
        const about = { callee, count, what: count === 1 ? 'parameter' : 'parameters' };
        const fixes = [removeItem(argument.span)];
        context.report(diagnose('too-many-arguments', argument.span, about, { fixes }));
        lost(argument);
        break;
      }
      default: {
        if (!name) break;
        const advice = unknownParameterAdvice(argument, name, expression, extern, context);
        const about = { name: name.text, callee };
        context.report(diagnose('unknown-parameter', name.span, about, advice));
        // one that is short for itself may be misspelt as what it is, too
        if (argument.shorthand) context.lookup(name);
        else lost(argument);
      }
    }
  }
  return { given, twice };
}

/** Says that an argument in order passes over a parameter that a bare name fills. */
function reportSkip(
  argument: Argument,
  param: string,
  skipped: string,
  { args, placed }: { args: readonly Argument[]; placed: readonly Placed[] },
  callee: string,
  context: Context,
): void {
  const by = args.find((other, i) => {
    const place = placed[i];
    return place?.kind === 'fills' && place.param === skipped && bareName(other, skipped);
  });
  const related = by ? [{ span: by.span, message: `this means \`${skipped}: ${skipped}\`` }] : [];
  // behind a name all have names
  const edits = args.flatMap((other, i) => {
    const place = placed[i];
    const unnamed = other.name === undefined && place?.kind === 'fills';
    if (!unnamed || other.span.start < argument.span.start || bareName(other, place.param)) {
      return [];
    }
    return insert(other.span, other.span.start, `${place.param}: `).edits;
  });
  const about = { callee, param, skipped };
  const help = `give it its name: \`${param}: …\``;
  const fixes = [{ title: `Insert \`${param}: \``, edits }];
  const more = { help, related, fixes };
  context.report(diagnose('positional-skips', argument.span, about, more));
}

/** The word of a bare name that means the parameter of its name. */
function bareName({ value, span }: Argument, param: string): Name | undefined {
  const bare = value.kind === 'name' && value.name.text === param;
  return bare && value.name.span.end === span.end ? value.name : undefined;
}

/**
 * The required parameters that nothing is given for, unless a misnamed argument was said already;
 * those of `otherwise` get a value from elsewhere.
 */
export function missingParams(
  expression: CallExpression,
  { params }: Extern,
  given: ReadonlyMap<string, Argument>,
  otherwise: ReadonlyMap<string, unknown>,
): readonly ExternParam[] {
  if (expression.args.length > given.size) return [];
  return params.filter(
    ({ name, default: value }) => !value && !given.has(name) && !otherwise.has(name),
  );
}
