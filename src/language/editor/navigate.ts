import type { Span } from '../../base/source.js';
import type { Target } from '../check/context.js';
import type { Occurrence } from './occurrences.js';
import { identity, occurrenceAt, originOf, placeOfParameter, type Snapshot } from './snapshot.js';

/** Where the word at an offset is declared. */
export function definition(snapshot: Snapshot, offset: number): readonly Span[] {
  const occurrence = occurrenceAt(snapshot, offset);
  const [first] = (occurrence?.targets ?? []).flatMap((target) => placeOfTarget(target) ?? []);
  return first ? [first] : [];
}

function placeOfTarget(target: Target): Span | undefined {
  switch (target.kind) {
    case 'name':
      return originOf(target.symbol).name.span;
    case 'label':
      return target.label.span;
    case 'kept':
      return target.axis.span;
    case 'parameter':
      return placeOfParameter(target.param);
    default:
      return undefined;
  }
}

/** A place where something is used or declared. */
export interface Reference {
  readonly span: Span;
  readonly snapshot: Snapshot;
  readonly occurrence: Occurrence;
}

/** Every word in some files that stands for the same as this one. */
export function references(files: Iterable<Snapshot>, target: Target): readonly Reference[] {
  const wanted = identity(target);
  return [...files].flatMap((snapshot) =>
    snapshot.occurrences.flatMap((occurrence) =>
      occurrence.targets.some((other) => identity(other) === wanted)
        ? [{ span: occurrence.span, snapshot, occurrence }]
        : [],
    ),
  );
}

/** What navigation means by the word at an offset: a name before the parameter that it fills. */
export function targetAt(snapshot: Snapshot, offset: number): Target | undefined {
  return occurrenceAt(snapshot, offset)?.targets[0];
}
