import { canonical } from '../../base/canonical.js';
import { SspError, UsageError } from '../../base/errors.js';
import { listing } from '../../base/nearest.js';
import type { Place } from '../../base/source.js';
import type { StageSide } from '../../plan/diff/difference.js';
import { command, common, type Options } from '../command.js';
import type { Io } from '../io.js';
import {
  compareSides,
  type DiffSide,
  openSide,
  pointsOf,
  type SideFlags,
  sideFlags,
} from '../study/diff-sides.js';
import { diffText } from '../text/diff-text.js';

export const diff = command({
  name: 'diff',
  summary: 'say how two experiments differ, and their results',
  arguments: [
    { name: '<a>', about: 'a .ssp file or a .lock' },
    { name: '<b>', about: 'the other one' },
  ],
  options: [...sideFlags, common.json],
  examples: [
    'ssp diff study.ssp study.ssp --set-b epochs=800',
    'ssp diff study.ssp study-2.ssp',
    'ssp diff study.ssp study.ssp.lock',
    'ssp diff theirs.lock ours.lock --json',
  ],
  async run(io, words, options) {
    try {
      return await compare(io, words, options);
    } catch (error) {
      // 1 is for what differs: what cannot be compared is wrong usage.
      throw error instanceof SspError ? new UsageError(error.message, error.help) : error;
    }
  },
});

type Flags = SideFlags & Pick<Options, 'json'>;

async function compare(io: Io, words: readonly string[], options: Flags): Promise<number> {
  if (words.length > 2) throw new UsageError('two files are compared, more were given');
  const a = await openSide(io, 'a', words[0], options);
  const b = await openSide(io, 'b', words[1], options);
  if (a === undefined || b === undefined) return 2;
  for (const note of notes(a, b)) io.err(`note: ${note}`);
  const { difference, results } = compareSides(io, a, b);
  const differing = results.filter(({ before, after }) => before !== after);
  if (options.json) {
    const { same, axes, stages } = difference;
    const document = {
      version: 1,
      a: sideJson(a),
      b: sideJson(b),
      same,
      axes: axes.map((axis) => ({ ...axis, a: axis.a ?? null, b: axis.b ?? null })),
      stages: stages.map((stage) => ({
        ...stage,
        a: stageJson(stage.a),
        b: stageJson(stage.b),
        changes: stage.changes.map(({ owner, ...change }) => ({
          ...change,
          of: owner?.declared ?? null,
          atBefore: placeJson(change.atBefore),
          atAfter: placeJson(change.atAfter),
        })),
      })),
      results: {
        compared: results.length,
        differing: differing.map((r) => ({
          ...r,
          difference: r.before === null || r.after === null ? null : r.after - r.before,
        })),
      },
    };
    io.out(JSON.stringify(document, null, 2));
  } else {
    io.out(diffText({ a: titleOf(a), b: titleOf(b) }, difference, results, io.colour.out));
  }
  return difference.same && differing.length === 0 ? 0 : 1;
}

/** What the comparison goes without, and settings that say nothing. */
function notes(a: DiffSide, b: DiffSide): readonly string[] {
  const files = [a, b].filter((side) => side.kind === 'file');
  const unread = [...new Set(files.flatMap((side) => side.unread))];
  const absent = unread.length === 0 ? [] : [unreadText(unread, files.length === 2)];
  const [x, y] = files;
  const alike = x && y && x.path === y.path && canonical(x.set) === canonical(y.set);
  return alike
    ? [...absent, 'both sides are the same file; `--set-b NAME=VALUE` changes one of them']
    : absent;
}

function unreadText(unread: readonly string[], twoFiles: boolean): string {
  const what = `${listing(unread)} cannot be read here`;
  return twoFiles ? `${what}: files are compared by their paths` : `${what} and is not compared`;
}

/** `study.ssp --set epochs=800`. */
function titleOf(side: DiffSide): string {
  const set = side.kind === 'file' ? Object.entries(side.set) : [];
  return [side.path, ...set.map(([name, value]) => `--set ${name}=${value}`)].join(' ');
}

function sideJson(side: DiffSide) {
  const set = side.kind === 'file' && Object.keys(side.set).length > 0 ? { set: side.set } : {};
  return { path: side.path, kind: side.kind, points: pointsOf(side), ...set };
}

function stageJson(side: StageSide | undefined) {
  if (side === undefined) return null;
  const { name, stage, points, at } = side;
  return { name, stage: stage ?? null, points, at: placeJson(at) };
}

function placeJson(at: Place | undefined) {
  return at === undefined ? null : { file: at.file, line: at.line, column: at.column };
}
