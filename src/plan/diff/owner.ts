import type { Json } from '../../base/canonical.js';
import { partsOf } from '../../base/fields.js';
import { own } from '../../base/own.js';

/** The parameter that a path of a stage leads to. */
export interface Owner {
  /** The declared stage or value: `std.views.simclr_views`. */
  readonly declared: string;
  readonly parameter: string;
  /** The path goes on inside the parameter: into a list, a record or a range. */
  readonly inside: boolean;
}

/** Whose parameter `params.views.args.grayscale` is, given the parameters of a point. */
export function ownerOf(
  stage: string,
  params: Readonly<Record<string, Json>>,
  path: string,
): Owner | undefined {
  const [root, first, ...rest] = path.split('.');
  if (root !== 'params' || first === undefined) return undefined;
  let owner: Owner = { declared: stage, parameter: first, inside: false };
  let value = own(params, first);
  for (let i = 0; i < rest.length; i++) {
    const fields = partsOf(value);
    const name = rest[i + 1];
    if (typeof fields.describe === 'string' && rest[i] === 'args' && name !== undefined) {
      owner = { declared: fields.describe, parameter: name, inside: false };
      value = own(partsOf(fields.args), name);
      i += 1;
    } else {
      owner = { ...owner, inside: true };
      value = own(fields, rest[i] ?? '');
    }
  }
  return owner;
}
