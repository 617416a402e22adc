import { expect, it } from 'vitest';
import { planText } from '../../../src/cli/text/plan-text.js';
import { whichPoints } from '../../../src/cli/text/which-points.js';
import { planOf } from '../../../src/plan/build-plan.js';
import type { PlannedStage, Point } from '../../../src/plan/plan.js';

/** All points of some axes, the last of which goes quickest. */
function grid(axes: Readonly<Record<string, readonly string[]>>): readonly Point[] {
  return Object.entries(axes).reduce<readonly Point[]>(
    (points, [axis, labels]) =>
      points.flatMap((point) => labels.map((label) => ({ ...point, [axis]: label }))),
    [{}],
  );
}

const upTo = (n: number): readonly string[] => Array.from({ length: n }, (_, i) => `${i + 1}`);
const temperatures = upTo(10).map((n) => `${n}0%`);

/** A planned training at a point: a hit, or what became of which parameters. */
function planned(point: Point, changes?: readonly (readonly [string, string, string])[]) {
  const dims = Object.entries(point).map(([axis, label]) => `${axis}=${label}`);
  const stage: Pick<PlannedStage, 'id' | 'name' | 'point' | 'action' | 'reason'> = {
    id: `encoder[${dims.join(',')}]`,
    name: 'encoder',
    point,
    action: changes === undefined ? 'hit' : 'run',
    reason: {
      kind: changes === undefined ? 'cached' : 'changed',
      changes: (changes ?? []).map(([name, before, after]) => ({
        path: `params.${name}`,
        before,
        after,
        at: { file: 's.ssp', line: 2, column: 3 },
      })),
    },
  };
  return { stage: 'own.train', params: {}, inputs: [], ...stage } as unknown as PlannedStage;
}

const textOf = (stages: readonly PlannedStage[], all = false) =>
  planText(planOf('s.ssp', stages), { colour: false, all });

it('says in a few lines what is done with which of 10,000 points, and why', () => {
  const points = grid({ seed: upTo(100), temperature: temperatures, width: upTo(10) });
  const stages = points.map((point) => {
    if (Number(point.seed) > 90) return planned(point, [['seed', '1', `${point.seed}`]]);
    if (point.temperature === '30%') return planned(point, [['lr', '0.1', '0.2']]);
    return planned(point);
  });
  const text = textOf(stages);
  const others = temperatures.filter((label) => label !== '30%');
  expect(text).toBe(
    [
      's.ssp: 8100 hit, 1900 run, 0 await',
      'hit    encoder  8100 of 10000 points',
      `         [seed: 1..90, temperature: {${others.slice(0, 6).join(', ')} and 3 more}]`,
      'run    encoder  900 of 10000 points   lr  "0.1" → "0.2"  s.ssp:2:3',
      '         [seed: 1..90, temperature: 30%]',
      'run    encoder  1000 of 10000 points  seed  "1" → "91", "1" → "92", "1" → "93" and 7 more  s.ssp:2:3',
      '         [seed: 91..100]',
      '`--all` has a line for every point, `--json` all that is known of each',
    ].join('\n'),
  );
  expect(textOf(stages, true).split('\n')).toHaveLength(10_001);
});

it('tells a few reasons one by one', () => {
  const text = textOf([
    planned({ n: '1' }, [['k', '1', '2']]),
    planned({ n: '2' }, [['k', '1', '3']]),
    planned({ n: '3' }),
  ]);
  expect(text).toBe(`s.ssp: 1 hit, 2 run, 0 await
run    encoder[n=1]  k  "1" → "2"  s.ssp:2:3
run    encoder[n=2]  k  "1" → "3"  s.ssp:2:3
hit    encoder[n=3]`);
});

it('writes points as products of labels, as far as a few say it', () => {
  const all = grid({ k: ['5', '20', '50'], on: ['stl10', 'a, b'], seed: upTo(4) });
  const where = (keep: (point: Point) => boolean) => whichPoints(all.filter(keep), all);
  expect(where(({ k }) => k === '5')).toEqual(['[k: 5]']);
  expect(where(({ k, seed }) => k !== '5' && seed !== '4')).toEqual(['[k: {20, 50}, seed: 1..3]']);
  expect(where(({ on }) => on !== 'stl10')).toEqual(['[on: "a, b"]']);
  // An L: two products.
  expect(where(({ k, seed }) => k === '5' || seed === '1')).toEqual([
    '[k: 5]',
    '[k: {20, 50}, seed: 1]',
  ]);
  expect(where(({ k, seed }) => Number(k) % 7 === Number(seed) % 7)).toEqual(['[k: 50, seed: 1]']);
  // Each seed has another k: a list of products would be one of points.
  const many = grid({ k: upTo(9), seed: upTo(9) });
  expect(
    whichPoints(
      many.filter(({ k, seed }) => k === seed),
      many,
    ),
  ).toBe(undefined);
  const text = textOf(
    many.map((point) => (point.k === point.seed ? planned(point) : planned(point, []))),
  );
  expect(text).toContain('[k=1,seed=1] [k=2,seed=2] [k=3,seed=3] and 6 more');
  expect(text).toContain('`--all` has a line for every point');
});
