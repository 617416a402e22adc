import type { Json } from '../base/canonical.js';
import { Bug, SspError } from '../base/errors.js';
import { type Absent, MISSING, PENDING, plain, UNTOLD, type Value } from './value.js';

/**
 * What an operation makes of values that may be absent or wait for a variable of the environment;
 * `compute` is asked where all are known.
 */
export function apply(
  of: readonly (Value | Absent)[],
  compute: (of: readonly Json[]) => number | boolean | undefined,
): Value | Absent {
  const absent = absentOf(of);
  if (absent) return absent;
  const values = of.filter((value) => typeof value !== 'symbol');
  refuseSecrets(values);
  const unset = unsetOf(values);
  if (unset) return unset;
  const known = values.map(plain);
  const value = compute(known);
  if (value === undefined) throw new Bug(`nothing can be made of ${JSON.stringify(known)}`);
  return value;
}

/** What is missing makes what needs it missing, even where other parts are only not there yet. */
export function absentOf(values: readonly (Value | Absent)[]): Absent | undefined {
  if (values.includes(MISSING)) return MISSING;
  if (values.includes(PENDING)) return PENDING;
  return values.includes(UNTOLD) ? UNTOLD : undefined;
}

/** The variables of the environment that values wait for. */
export function unsetOf(values: readonly (Value | Absent)[]): Value | undefined {
  const names = values.flatMap((value) =>
    value !== null && typeof value === 'object' && value.kind === 'unset' ? value.names : [],
  );
  return names.length > 0 ? { kind: 'unset', names: [...new Set(names)].sort() } : undefined;
}

/** Whether a secret is given may be asked; of parts of records the checker knows the declared type alone. */
function refuseSecrets(values: readonly Value[]): void {
  if (values.includes(null)) return;
  for (const value of values) {
    if (value !== null && typeof value === 'object' && value.kind === 'secret') {
      throw looked(value.name);
    }
  }
}

/** A secret that something looks at. */
export const looked = (name: string): SspError =>
  new SspError('secret-used', `\`secret.${name}\` is compared or calculated with`, {
    help: 'a secret is handed over to a stage as a String, and to nothing else',
  });
