import { SspError, UsageError } from '../../base/errors.js';
import type { Place } from '../../base/source.js';
import type { StageSide } from '../../plan/diff/difference.js';
import { type Command, common, type Options } from '../command.js';
import { compareSides, type DiffSide, openSide, pointsOf } from '../diff-sides.js';
import { diffText } from '../diff-text.js';
import type { Io } from '../io.js';

export const diff: Command = {
  name: 'diff',
  summary: 'say how two experiments differ, and their results',
  arguments: [
    { name: '<a>', about: 'a .ssp file or a .lock' },
    { name: '<b>', about: 'the other one' },
  ],
  options: [common.set, common.store, common.points, common.gpus, common.json],
  examples: [
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
};

async function compare(io: Io, words: readonly string[], options: Options): Promise<number> {
  if (words.length > 2) throw new UsageError('two files are compared, more were given');
  const a = await openSide(io, words[0], options);
  const b = await openSide(io, words[1], options);
  if (a === undefined || b === undefined) return 2;
  for (const side of [a, b]) {
    if (side.kind === 'file' && side.unread !== undefined) {
      io.err(`note: files are compared by their paths: ${side.unread}`);
    }
  }
  const { difference, results } = compareSides(a, b, io.env);
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
    io.out(diffText({ a: a.path, b: b.path }, difference, results, io.colour.out));
  }
  return difference.same && differing.length === 0 ? 0 : 1;
}

function sideJson(side: DiffSide) {
  return { path: side.path, kind: side.kind, points: pointsOf(side) };
}

function stageJson(side: StageSide | undefined) {
  if (side === undefined) return null;
  const { name, stage, points, at } = side;
  return { name, stage: stage ?? null, points, at: placeJson(at) };
}

function placeJson(at: Place | undefined) {
  return at === undefined ? null : { file: at.file, line: at.line, column: at.column };
}
