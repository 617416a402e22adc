import { expect, it } from 'vitest';
import { compile } from '../../../src/language/compile.js';
import { compareResults } from '../../../src/plan/diff/difference.js';
import { compareKeyed, keyedBeside, type LockedResult } from '../../../src/plan/diff/keyed.js';
import { unfold } from '../../../src/plan/unfold.js';

const study = `import std.data.emoji
import std.pairs.augmented_pairs

axis seed = [1, 2]
dataset drawings = emoji(size: 8px)
dataset pairs = augmented_pairs(drawings, seed: seed)
`;
const cpu = { device: 'cpu', precision: 'fp32' } as const;

function pointsOf(text: string) {
  const { program } = compile({ readText: () => text }, 'study.ssp');
  if (!program) throw new Error('the study has mistakes');
  return unfold(program, { env: {} });
}

const empty = { contents: () => '', seenNow: () => 'absent' };

/** A lock of a study, as if every stage had run. */
function locked(text: string) {
  const stages: Record<string, LockedResult> = {};
  for (const { id } of pointsOf(text)) {
    const [made] = keyedBeside(pointsOf(text), stages, empty, cpu).filter((k) => k.id === id);
    stages[id] = { key: made?.key ?? '', output: `output of ${id}` };
  }
  return stages;
}
const asPoints = (stages: Readonly<Record<string, LockedResult>>) =>
  Object.entries(stages).map(([id, { key, output }]) => ({
    id,
    key,
    output,
    record: undefined,
    places: undefined,
  }));
const beside = (text: string) =>
  compareKeyed(asPoints(locked(study)), keyedBeside(pointsOf(text), locked(study), empty, cpu));

it('finds a file that agrees with its lock, whatever its names', () => {
  expect(beside(study).difference).toEqual({ same: true, axes: [], stages: [] });
  const { difference, partners } = beside(study.replaceAll('drawings', 'emojis'));
  expect(difference.same).toBe(true);
  expect(difference.stages).toMatchObject([{ a: { name: 'drawings' }, b: { name: 'emojis' } }]);
  expect(partners.get('drawings')).toBe('emojis');
});

it('tells a change once, where it is made', () => {
  const { difference } = beside(study.replace('8px', '16px'));
  expect(difference.same).toBe(false);
  expect(difference.stages).toMatchObject([
    { b: { name: 'drawings' }, changes: [{ path: 'key', points: ['drawings'] }] },
  ]);
});

it('tells points that only one side has, and results that differ', () => {
  const { difference } = beside(study.replace('[1, 2]', '[1, 3]'));
  const ids = difference.stages.flatMap((s) => [...s.removed, ...s.added]);
  expect(ids).toEqual(['pairs[seed=2]', 'pairs[seed=3]']);
  const ours = locked(study);
  const theirs = { ...ours, drawings: { key: ours.drawings?.key ?? '', output: 'another' } };
  const other = compareKeyed(asPoints(ours), asPoints(theirs)).difference;
  expect(other.stages.flatMap((s) => s.changes)).toMatchObject([
    { path: 'output', points: ['drawings'] },
  ]);
});

it('holds numbers against each other where both sides have them', () => {
  const a = (id: string) => ({ metrics: id === 'x' ? { top1: 0.5, time: 1 } : {} });
  const b = () => ({ metrics: { top1: 0.75 } });
  const partners = new Map([
    ['x', 'y'],
    ['z', 'w'],
  ]);
  expect(compareResults(partners, a, b)).toEqual([
    { a: 'x', b: 'y', metric: 'top1', before: 0.5, after: 0.75 },
  ]);
});
