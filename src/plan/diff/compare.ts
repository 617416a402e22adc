import type { Json } from '../../base/canonical.js';
import { fieldsOf } from '../../base/fields.js';
import { explain, placeOfPath } from '../explain.js';
import type { KeyRecord, StagePoint } from '../plan.js';
import { pointText } from '../point.js';
import { type Difference, grouped, type StageDifference, type StageSide } from './difference.js';
import type { Experiment } from './experiment.js';
import {
  type AxisPair,
  matchAxes,
  matchPoints,
  matchTables,
  type Pair,
  type Table,
} from './match.js';
import { ownerOf } from './owner.js';
import { codeMeaning, contentOrPath, onTheWay, withStand } from './structure.js';

/** A comparison and which point of `a` is which of `b`, by id. */
export interface Compared {
  readonly difference: Difference;
  readonly partners: ReadonlyMap<string, string>;
}

/**
 * How two experiments differ. They are the same when their points mean the same, whatever their
 * files call them; then only names can be left to tell.
 */
export function compareExperiments(a: Experiment, b: Experiment): Compared {
  const axes = matchAxes(a, b);
  const tables = matchTables(a, b);
  const partners = matchPoints(a, b, tables, axes);
  const same = equalSets(new Set(a.structures.values()), new Set(b.structures.values()));
  const names = axes.map((pair) => axisDifference(pair, same)).filter((axis) => axis !== undefined);
  const compare = comparer(a, b, partners);
  const stages = tables
    .map((pair) => stageDifference(pair, partners, same ? () => [] : compare, same))
    .filter((stage) => stage !== undefined);
  return {
    difference: { same, axes: names, stages },
    partners: new Map([...partners].map(([id, partner]) => [id, partner.id])),
  };
}

function equalSets(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((item) => b.has(item));
}

function axisDifference({ a, b, labels }: AxisPair, same: boolean) {
  const reached = new Set(labels.values());
  const found = {
    a: a?.name,
    b: b?.name,
    added: same ? [] : (b?.labels ?? []).flatMap((l) => (reached.has(l.label) ? [] : l.label)),
    removed: same ? [] : (a?.labels ?? []).flatMap((l) => (labels.has(l.label) ? [] : l.label)),
    renamed: [...labels].flatMap(([from, to]) => (from === to ? [] : [{ a: from, b: to }])),
  };
  const differs = found.added.length + found.removed.length + found.renamed.length > 0;
  return differs || (found.a !== found.b && (a !== undefined) === (b !== undefined))
    ? found
    : undefined;
}

function stageDifference(
  { a, b }: Pair<Table>,
  partners: ReadonlyMap<string, StagePoint>,
  compare: (a: StagePoint, b: StagePoint) => StageDifference['changes'],
  same: boolean,
): StageDifference | undefined {
  const reached = new Set((a?.points ?? []).map(({ id }) => partners.get(id)?.id));
  const added = (b?.points ?? []).flatMap(({ id }) => (reached.has(id) ? [] : id));
  const removed = (a?.points ?? []).flatMap(({ id }) => (partners.has(id) ? [] : id));
  const changes = grouped(
    (a?.points ?? []).flatMap((point) => {
      const partner = partners.get(point.id);
      if (!partner) return [];
      return compare(point, partner).map((change) => ({ ...change, id: partner.id }));
    }),
  );
  const found = {
    a: sideOf(a),
    b: sideOf(b),
    added: same ? [] : added,
    removed: same ? [] : removed,
    changes,
  };
  if (changes.length + found.added.length + found.removed.length > 0) return found;
  return a && b && a.name !== b.name && !isNamedByOthers(b) ? found : undefined;
}

/** An encoder's features of images are called after these two. */
const isNamedByOthers = ({ points: [first] }: Table): boolean =>
  first?.result === 'Features' && first.keyword === undefined;

function sideOf(table: Table | undefined): StageSide | undefined {
  const first = table?.points[0];
  if (!table || !first) return undefined;
  const works = [...new Set(table.points.map((point) => point.stage))];
  return { name: table.name, stage: works.join(', '), points: table.points.length, at: first.at };
}

/** Compares the own parameters of two points: what differs in their inputs is told there. */
function comparer(a: Experiment, b: Experiment, partners: ReadonlyMap<string, StagePoint>) {
  const ours = new Map(a.points.map((point) => [point.id, point]));
  const theirs = new Map(b.points.map((point) => [point.id, point]));
  // Artifacts of `a` by the ids of their partners; a mark sets those without one apart.
  const recordOf = (
    side: Experiment,
    point: StagePoint,
    input: (id: string) => Json,
  ): KeyRecord => {
    const params = Object.entries(point.params).map(([name, value]): [string, Json] => [
      name,
      withStand(value, { input, content: contentOrPath(side.contents) }),
    ]);
    const { stage, version } = point;
    return {
      format: 'ssp-key/1',
      stage,
      version,
      params: Object.fromEntries(params),
      numeric: null,
      ...codeMeaning(point, side.contents),
      ...onTheWay(point),
    };
  };
  return (from: StagePoint, to: StagePoint) => {
    const before = recordOf(a, from, (id) => partners.get(id)?.id ?? `a:${id}`);
    const after = recordOf(b, to, (id) => id);
    return explain(before, after, to).map((change) => {
      const [x, y] = named(change.before, change.after, (id) =>
        id.startsWith('a:') ? ours.get(id.slice(2)) : theirs.get(id),
      );
      return {
        path: change.path,
        owner: ownerOf(to.stage, to.params, change.path),
        before: x,
        after: y,
        atBefore: placeOfPath(change.path, from),
        atAfter: change.at,
        points: [],
      };
    });
  };
}

/** Artifacts by the name of their stage, or by the labels in which they differ: alike at all points. */
function named(
  before: Json | undefined,
  after: Json | undefined,
  find: (id: string) => StagePoint | undefined,
): readonly [Json | undefined, Json | undefined] {
  const x = artifactOf(before, find);
  const y = artifactOf(after, find);
  const show = (point: StagePoint, other: StagePoint | undefined): Json => {
    if (other === undefined || other.name !== point.name) return { artifact: point.name };
    const dims = Object.keys(point.point).filter((axis) => point.point[axis] !== other.point[axis]);
    return {
      artifact:
        dims.length === 0 ? point.name : `${point.name}[${pointText(dims.sort(), point.point)}]`,
    };
  };
  return [x ? show(x, y) : before, y ? show(y, x) : after];
}

function artifactOf(value: Json | undefined, find: (id: string) => StagePoint | undefined) {
  const { artifact } = fieldsOf(value);
  return typeof artifact === 'string' ? find(artifact) : undefined;
}
