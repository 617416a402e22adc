import type { Place } from '../../base/source.js';
import { changeText } from '../../plan/change-text.js';
import { pathsOf } from '../../plan/named-paths.js';
import type { Change, PlannedStage, StagePoint } from '../../plan/plan.js';

/** Points of one declaration that are treated alike for a like reason. */
export interface Group {
  readonly name: string;
  readonly action: PlannedStage['action'];
  readonly stages: readonly PlannedStage[];
  /** The reason, a line for each change. */
  readonly lines: readonly string[];
  /** Is there more to each point than the lines say? */
  readonly isSummary: boolean;
}

/** What a line says of a point, in parts of which each may differ between points. */
interface Line {
  /** Of a change: what has changed. */
  readonly name: string;
  readonly what: string;
  /** Of a change: where it stands. */
  readonly place: string;
}

/** So many reasons of one declaration are told one by one; of more those that are of a kind stand together. */
const FEW = 5;
/** So many values that differ between points are written out. */
const SHOWN = 3;

/** The points of a plan in groups, in its order. `all`: each for itself. */
export function groupsOf(stages: readonly PlannedStage[], all: boolean): readonly Group[] {
  if (all) return stages.map((stage) => groupOf([{ stage, lines: why(stage) }]));
  const byName = new Map<string, Reasoned[]>();
  for (const stage of stages) {
    add(byName, stage.name, { stage, lines: why(stage) });
  }
  return [...byName.values()].flatMap((reasoned) => {
    const exact = gathered(reasoned, ({ stage, lines }) => [stage.action, lines]);
    const groups = exact.length <= FEW ? exact : gathered(reasoned, kindOf);
    return groups.map(groupOf);
  });
}

interface Reasoned {
  readonly stage: PlannedStage;
  readonly lines: readonly Line[];
}

/** What reasons of a kind have in common: which things have changed, not from what to what. */
const kindOf = ({ stage, lines }: Reasoned): unknown => [
  stage.action,
  stage.reason.kind,
  lines.map(({ name }) => name),
];

function gathered(
  reasoned: readonly Reasoned[],
  by: (one: Reasoned) => unknown,
): readonly (readonly Reasoned[])[] {
  const groups = new Map<string, Reasoned[]>();
  for (const one of reasoned) add(groups, JSON.stringify(by(one)), one);
  return [...groups.values()];
}

function add<T>(groups: Map<string, T[]>, key: string, value: T): void {
  const group = groups.get(key);
  if (group) group.push(value);
  else groups.set(key, [value]);
}

/** A group of points whose lines are of the same things. */
function groupOf(reasoned: readonly Reasoned[]): Group {
  const [first] = reasoned;
  if (first === undefined) throw new RangeError('a group has a point');
  let isSummary = false;
  const lines = first.lines.map(({ name }, i) => {
    const parts = (part: 'what' | 'place') => [
      ...new Set(reasoned.map(({ lines }) => lines[i]?.[part] ?? '')),
    ];
    const [whats, places] = [parts('what'), parts('place')];
    isSummary ||= whats.length > 1;
    const place = places.length > 1 ? `${places[0]} and elsewhere` : places[0];
    return [name, listed(whats), place].filter((part) => part !== '').join('  ');
  });
  const { name, action } = first.stage;
  return { name, action, stages: reasoned.map(({ stage }) => stage), lines, isSummary };
}

/** `1 → 2, 2 → 3, 3 → 4 and 97 more`. */
export function listed(values: readonly string[], separator = ', '): string {
  const shown = values.slice(0, SHOWN).join(separator);
  return values.length > SHOWN ? `${shown} and ${values.length - SHOWN} more` : shown;
}

/** The reason of one point, a line for each change. */
function why(stage: PlannedStage): readonly Line[] {
  const { reason } = stage;
  const waitsFor = reason.waitsFor ?? [];
  switch (reason.kind) {
    case 'cached':
    case 'recalled':
      return [saying(reason.why ?? '')];
    case 'new':
      return [saying('not computed before')];
    case 'lost':
      return [saying('its content was damaged or deleted')];
    case 'changed': {
      const lines = reason.changes.map((change) => lineOf(change, stage));
      return [...new Map(lines.map((line) => [textOf(line), line])).values()];
    }
    case 'upstream':
      return [saying(`waits for ${namesOf(waitsFor)}`)];
    case 'dropped':
      return [saying(reason.waitsFor ? `goes with ${namesOf(waitsFor)}` : (reason.why ?? ''))];
    case 'environment':
      return [saying(`waits for the variable ${waitsFor.join(', ')} to be set`)];
    case 'content':
      return [missing(waitsFor, stage)];
  }
}

const saying = (what: string): Line => ({ name: '', what, place: '' });

/** That content is not there, and where it is named. */
function missing(paths: readonly string[], stage: StagePoint): Line {
  const at = pathsOf([stage]).find(({ path }) => paths.includes(path))?.at;
  const what = `waits for ${paths.join(', ')}, which is not on this machine`;
  return { name: '', what, place: at === undefined ? '' : placeText(at) };
}

const placeText = ({ file, line, column }: Place): string => `${file}:${line}:${column}`;

/** The names of the declarations of some points. */
const namesOf = (ids: readonly string[]): string =>
  [...new Set(ids.map((id) => id.replace(/\[.*$/s, '')))].join(', ');

/** `views.grayscale  20% → 0%  study.ssp:12:5`. */
export const changeLine = (change: Change, point: StagePoint): string =>
  textOf(lineOf(change, point));

function lineOf(change: Change, point: StagePoint): Line {
  const { at } = change;
  const place = at === undefined ? '' : placeText(at);
  return { ...changeText(change, point), place };
}

const textOf = ({ name, what, place }: Line): string =>
  [name, what, place].filter((part) => part !== '').join('  ');
