import { SspError } from '../base/errors.js';
import { nearest } from '../base/nearest.js';
import { isRecord } from '../base/own.js';
import { describedName } from './artifact/described-text.js';
import { checkSigns } from './check-signs.js';
import { wrongView } from './check-views.js';
import type { StageContext } from './stage.js';

/** What a field can be, and how it is told. */
const kinds = {
  function: (value: unknown) => typeof value === 'function',
  number: (value: unknown) => typeof value === 'number',
  list: Array.isArray,
  text: (value: unknown) => typeof value === 'string',
  Bool: (value: unknown) => typeof value === 'boolean',
  record: isRecord,
} as const;
type Kind = keyof typeof kinds;

interface Contract {
  readonly type: string;
  readonly has: Readonly<Record<string, Kind>>;
  readonly may: Readonly<Record<string, Kind>>;
}

/** What a description must have, and what it may have, by the parameters of trainings that take one. */
const contracts = {
  method: {
    type: 'Method',
    has: { views: 'number', init: 'function', loss: 'function' },
    may: {
      moreViews: 'Bool',
      oneSize: 'Bool',
      label: 'text',
      signs: 'record',
      paces: 'record',
      after: 'function',
      begin: 'function',
      observe: 'function',
      encoder: 'function',
      remarks: 'function',
    },
  },
  views: { type: 'Views', has: { views: 'list' }, may: {} },
  optimizer: {
    type: 'Optimizer',
    has: { init: 'function', update: 'function' },
    may: { prepare: 'function' },
  },
  schedule: { type: 'Schedule', has: { scale: 'function' }, may: { remark: 'function' } },
} as const satisfies Readonly<Record<string, Contract>>;

/**
 * Holds the descriptions that a training is given against what their types say, as modules of the user's own make some.
 * @throws SspError `module-failed` with what is missing or is something else, or is nearly the name of something that it
 * may have; `method-signs`.
 */
export function checkMade({
  params,
  resolved,
}: Pick<StageContext<object>, 'params' | 'resolved'>): void {
  const given = new Map(Object.entries(params));
  for (const [name, { type, has, may }] of Object.entries(contracts)) {
    const made: unknown = given.get(name);
    if (!isRecord(made)) continue;
    const wrong = (found: string): SspError => {
      const needed = Object.entries(has).map(([key, what]) => `\`${key}\`, a ${what}`);
      return new SspError(
        'module-failed',
        `\`make\` of \`${describedName(resolved[name])}\` returned a ${type} with ${found}`,
        {
          help: `A ${type} has ${needed.join('; ')}: \`import type { ${type} } from 'ssp/library'\` says it all.`,
        },
      );
    };
    for (const [field, kind] of Object.entries<Kind>({ ...has, ...may })) {
      const value = made[field];
      if (kinds[kind](value) || (field in may && value === undefined)) continue;
      throw wrong(value === undefined ? `no \`${field}\`` : `a \`${field}\` that is no ${kind}`);
    }
    const [near] = misspelt(made, Object.keys({ ...has, ...may }));
    if (near) throw wrong(`\`${near[0]}\`, which nothing reads: \`${near[1]}\` is meant`);
    if (name === 'method') checkSigns(made.signs);
    const view = Array.isArray(made.views) ? wrongView(made.views) : undefined;
    if (view !== undefined) throw wrong(view);
  }
}

/** A name that nothing reads, and that is nearly one that is read. */
function misspelt(made: object, known: readonly string[]): [found: string, meant: string][] {
  return Object.keys(made).flatMap((name) => {
    const meant = known.includes(name) ? undefined : nearest(name, known);
    return meant === undefined || Object.hasOwn(made, meant) ? [] : [[name, meant]];
  });
}
