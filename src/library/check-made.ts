import { SspError } from '../base/errors.js';
import { isRecord } from '../base/own.js';
import { describedName } from './artifact/described-text.js';
import type { StageContext } from './stage.js';

type Kind = 'function' | 'number' | 'list';

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
 * @throws SspError `module-failed` with what is missing or is something else.
 */
export function checkMade({
  params,
  resolved,
}: Pick<StageContext<object>, 'params' | 'resolved'>): void {
  const given = new Map(Object.entries(params));
  for (const [name, { type, has, may }] of Object.entries(contracts)) {
    const made: unknown = given.get(name);
    if (!isRecord(made)) continue;
    for (const [field, kind] of Object.entries<Kind>({ ...has, ...may })) {
      const value = made[field];
      if (isA(kind, value) || (field in may && value === undefined)) continue;
      const found = value === undefined ? `no \`${field}\`` : `a \`${field}\` that is no ${kind}`;
      const needed = Object.entries(has).map(([key, what]) => `\`${key}\`, a ${what}`);
      throw new SspError(
        'module-failed',
        `\`make\` of \`${describedName(resolved[name])}\` returned a ${type} with ${found}`,
        {
          help: `A ${type} has ${needed.join('; ')}: \`import type { ${type} } from 'ssp/library'\` says it all.`,
        },
      );
    }
  }
}

const isA = (kind: Kind, value: unknown): boolean =>
  kind === 'list' ? Array.isArray(value) : typeof value === kind;
