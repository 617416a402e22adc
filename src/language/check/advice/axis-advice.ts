import type { Advice, Related } from '../../../base/diagnostic.js';
import { foldedText } from '../../lex/source-text.js';
import type { Term } from '../../program.js';
import { showType } from '../../types/show-type.js';
import type { CheckedAxis, Context } from '../context.js';

/** Where the values of an axis do not fit: the axis, and what to write there if they are records. */
export function axisAdvice(
  term: Term,
  { axes }: Context,
): (Advice & { readonly related: readonly Related[] }) | undefined {
  const axis = term.kind === 'axis' ? axes.get(term.axis) : undefined;
  if (!axis) return undefined;
  const related = [{ span: axis.span, message: 'the axis' }];
  if (axis.type.kind !== 'record') return { related };
  const [field, ...others] = Object.keys(axis.type.fields);
  if (field === undefined) return { related };
  const { name } = axis;
  const plain = others.length === 0 ? plainValues(axis) : undefined;
  const instead = plain === undefined ? '' : `write \`axis ${name} = [${plain}]\`, or `;
  const help = `the values of axis \`${name}\` are records, ${showType(axis.type)}: ${instead}use a field, \`${name}.${field}\``;
  return { help, related };
}

/** What stands in records of one field, if it is short. */
function plainValues({ labels }: CheckedAxis): string | undefined {
  const values = labels.flatMap(({ value }) => {
    const field = value.kind === 'record' ? value.fields[0] : undefined;
    return field ? [foldedText(field.value.span)] : [];
  });
  const text = values.join(', ');
  return values.length === labels.length && text.length <= 60 ? text : undefined;
}
