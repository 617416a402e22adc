import { fieldsOf } from '../base/fields.js';
import { own } from '../base/own.js';
import { type InputResult, keyIfSeen, type PerhapsKeyed } from './key.js';
import { areAsDeclared } from './metrics.js';
import type { KeyRecord, StagePoint } from './plan.js';
import type { Lookup, PlanWorld } from './plan-world.js';
import type { Seen } from './point-code.js';

/** A result with what it depends on in its key, `keyed`, and beside it. */
export interface SeenResult {
  readonly keyed?: Seen | undefined;
  readonly seen?: Seen | undefined;
}

/** What looks at the files of a module now. */
export type SeenNow = PlanWorld['seenNow'];

/**
 * The key of a point, and what there is under it. A result under a key counts if everything is as
 * it was seen when the result was made. If not, what is otherwise now goes into the key, and so on:
 * what was put back finds the older result again.
 */
export function keyAsSeen(
  point: StagePoint,
  inputs: (id: string) => InputResult,
  world: Pick<PlanWorld, 'contents' | 'numeric' | 'lookup' | 'seenNow'>,
): PerhapsKeyed & { readonly found: Exclude<Lookup, { readonly kind: 'elsewhere' }> } {
  const miss = { kind: 'miss' } as const;
  let keyed: Seen = {};
  for (;;) {
    const made = keyIfSeen(point, inputs, world.contents, world.numeric, keyed);
    if (made.key === undefined) return { ...made, found: miss };
    const found = world.lookup(made.key, point);
    if (found.kind === 'miss' || found.kind === 'lost') return { ...made, found };
    const otherwise =
      found.kind === 'elsewhere'
        ? stateNow(point, found.keyed, world.seenNow)
        : differenceOf(point, found, world.seenNow);
    if (otherwise === undefined && found.kind === 'hit') return { ...made, found };
    const more = joined(keyed, otherwise);
    // What contradicts its own key is no result.
    if (sizeOf(more) === sizeOf(keyed)) return { ...made, found: miss };
    keyed = more;
  }
}

/** The key that a point has now, if its result is a known one or depends on the same as that. */
export function keyBeside(
  point: StagePoint,
  inputs: (id: string) => InputResult,
  world: Pick<PlanWorld, 'contents' | 'numeric' | 'seenNow'>,
  known: SeenResult,
): PerhapsKeyed {
  const keyed = known.keyed && stateNow(point, known.keyed, world.seenNow);
  const beside = known.seen && differenceFrom(point, known.seen, world.seenNow);
  return keyIfSeen(point, inputs, world.contents, world.numeric, joined(keyed ?? {}, beside));
}

/** What of a result's dependencies is in its key. */
export function seenInKey({ code }: KeyRecord): Seen | undefined {
  const { declared, seen } = fieldsOf(code);
  if (declared === undefined && seen === undefined) return undefined;
  return {
    ...(declared === undefined ? {} : { declared: String(declared) }),
    ...(seen === undefined ? {} : { files: fieldsOf(seen) as Readonly<Record<string, string>> }),
  };
}

const moduleOf = ({ code }: Whose): string => code?.path ?? '';

/** A point or a task: how its result is declared, and its module. */
type Whose = Pick<StagePoint, 'declared' | 'result' | 'fields'> & {
  readonly code?: { readonly kind: string; readonly path?: string };
};

function joined(a: Seen, b: Seen | undefined): Seen {
  const files = [...Object.entries(a.files ?? {}), ...Object.entries(b?.files ?? {})];
  return { ...a, ...b, ...(files.length > 0 ? { files: Object.fromEntries(files) } : {}) };
}

const sizeOf = ({ declared, files = {} }: Seen): number =>
  Object.keys(files).length + (declared === undefined ? 0 : 1);

/** The same things as they are now. */
export function stateNow(point: Whose, { declared, files = {} }: Seen, seenNow: SeenNow): Seen {
  const now = Object.keys(files).map((file) => [file, seenNow(moduleOf(point), file)] as const);
  return {
    ...(declared === undefined ? {} : { declared: point.declared ?? '' }),
    ...(now.length > 0 ? { files: Object.fromEntries(now) } : {}),
  };
}

/** What is otherwise now than when a result was made; undefined where nothing is. */
export function differenceOf(
  whose: Whose,
  made: { readonly output: InputResult; readonly seen?: Seen | undefined },
  seenNow: SeenNow,
): Seen | undefined {
  if (whose.code === undefined) return undefined;
  if (made.seen) return differenceFrom(whose, made.seen, seenNow);
  // Earlier versions kept no declaration: the result itself says what it was.
  const { type, metrics } = made.output;
  const same = type === whose.result && areAsDeclared(metrics, whose.fields ?? {});
  return same ? undefined : { declared: whose.declared ?? '' };
}

function differenceFrom(whose: Whose, then: Seen, seenNow: SeenNow): Seen | undefined {
  const now = stateNow(whose, then, seenNow);
  const files = Object.entries(now.files ?? {}).filter(
    ([file, is]) => own(then.files ?? {}, file) !== is,
  );
  const same = now.declared === then.declared;
  if (same && files.length === 0) return undefined;
  return {
    ...(same ? {} : { declared: now.declared ?? '' }),
    ...(files.length > 0 ? { files: Object.fromEntries(files) } : {}),
  };
}
