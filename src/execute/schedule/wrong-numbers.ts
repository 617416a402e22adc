import { shortName } from '../../language/terms/call-labels.js';
import { outOfBounds } from '../../language/types/bounds.js';
import { showType } from '../../language/types/show-type.js';
import type { StagePoint } from '../../plan/plan.js';
import { taggedOf } from '../../plan/tagged.js';
import type { Output } from '../record.js';
import type { WrongReader } from './names-of-images.js';

/** The stages that take a number of a result that their parameter cannot be. */
export function wrongNumbers(
  made: { readonly id: string; readonly output: Output },
  readers: readonly StagePoint[],
): readonly WrongReader[] {
  return readers.flatMap((point) =>
    Object.entries(point.bounds ?? {}).flatMap(([param, type]) => {
      const tagged = taggedOf(point.params[param] ?? null);
      if (tagged.is !== 'metric' || tagged.id !== made.id) return [];
      const problem = outOfBounds(made.output.metrics[tagged.field] ?? null, type);
      if (problem === undefined) return [];
      const { file, line } = point.places[`params.${param}`] ?? point.at;
      const message = `${file}:${line}: \`${param}\` of \`${shortName(point.stage)}\` is ${problem}, the \`${tagged.field}\` of \`${made.id}\`; expected ${showType(type)}`;
      const help = 'look at what it is calculated from';
      return [{ point, failure: { code: 'out-of-range', message, help } }];
    }),
  );
}
