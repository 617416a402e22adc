import type { StageOutcome } from '../execute/record.js';
import type { Session } from './session.js';

/** The results on hand, as if a run had found only hits: what is missing is skipped. */
export function outcomesOnHand(session: Session): readonly StageOutcome[] {
  return session.plan.stages.map((planned) => {
    const found = planned.key === undefined ? undefined : session.store.find(planned.key);
    if (found?.kind === 'hit') {
      const { record } = found;
      return { planned, outcome: 'hit', seconds: record.seconds, record };
    }
    return {
      planned,
      outcome: 'skipped',
      seconds: 0,
      record: undefined,
      failure: { code: 'not-run', message: 'it was not run yet' },
    };
  });
}
