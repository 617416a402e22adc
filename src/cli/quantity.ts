import { UsageError } from '../base/errors.js';
import { normalise, suffixLike } from '../language/types/units.js';

/** Of each unit an example that is given in a message. */
const examples = { Duration: '30d', Bytes: '50GB' } as const;

/** An option's number with a unit, as in the language: seconds of `30d`, bytes of `50GB`. */
export function quantityOption(
  flag: string,
  text: string | undefined,
  unit: keyof typeof examples,
): number | undefined {
  if (text === undefined) return undefined;
  const [, digits = '', suffix = ''] = /^(\d+(?:\.\d+)?) ?([A-Za-z]+)$/.exec(text.trim()) ?? [];
  const found = digits === '' ? undefined : normalise(digits, suffix);
  if (found?.unit === unit) return found.value;
  const what = unit === 'Duration' ? 'a duration' : 'a size';
  const like = digits === '' ? undefined : suffixLike(suffix, unit);
  throw new UsageError(
    `${flag} ${text} is no ${what.slice(2)}`,
    like ? `write ${flag} ${digits}${like}` : `write ${what}, as in ${flag} ${examples[unit]}`,
  );
}
