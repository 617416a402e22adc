import type { Signatures } from './signatures.gen.js';
import type { Descriptions, StageContext, StageResult } from './stage.js';

export type StageName = keyof Signatures['stages'];
export type ValueName = keyof Signatures['values'];

/** The work of a declared stage; `run` of its module is made with this. */
export function implement<Name extends StageName>(
  _name: Name,
  run: (context: StageContext<Signatures['stages'][Name]>) => Promise<StageResult>,
): (context: StageContext<Signatures['stages'][Name]>) => Promise<StageResult> {
  return run;
}

/** The meaning of a declared value; `describe` of its module is made with this. */
export function describe<Name extends ValueName>(
  _name: Name,
  make: (
    args: Signatures['values'][Name]['args'],
  ) => Descriptions[Signatures['values'][Name]['result']],
): (
  args: Signatures['values'][Name]['args'],
) => Descriptions[Signatures['values'][Name]['result']] {
  return make;
}
