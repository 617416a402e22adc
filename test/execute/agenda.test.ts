import { expect, it } from 'vitest';
import type { StageRecord } from '../../src/execute/record.js';
import { type Agenda, type AgendaWorld, agendaOf } from '../../src/execute/schedule/agenda.js';
import { DROPPED } from '../../src/plan/build-plan.js';
import type { PlannedStage, StagePoint } from '../../src/plan/plan.js';

const place = { file: 'a.ssp', line: 1, column: 1 };

function pointOf(id: string, inputs: readonly string[] = []): StagePoint {
  return {
    id,
    name: id,
    stage: 'test.files',
    version: 1,
    keyword: undefined,
    result: 'Files',
    point: {},
    params: {},
    places: {},
    inputs,
    resources: {},
    unset: [],
    at: place,
  };
}

const recordOf = (key: string, digest = `of ${key}`): StageRecord => ({
  version: 1,
  key,
  record: { format: 'ssp-key/1', stage: '', version: 1, params: {}, numeric: null },
  id: key,
  output: { type: 'Files', digest, metrics: {}, files: {} },
  seconds: 1,
  finishedAt: '',
  environment: {},
});

/**
 * An agenda without a store: the key of a point is its kind (its name up to a digit) and the digests
 * of its inputs, and what is in `there` is a hit.
 */
function agendaIn(
  graph: Readonly<Record<string, readonly string[]>>,
  more: Partial<AgendaWorld> = {},
) {
  const points = Object.entries(graph).map(([id, inputs]) => pointOf(id, inputs));
  const there = new Map<string, StageRecord>();
  const told: string[] = [];
  const agenda = agendaOf(points, {
    plan: (point, stateOf) => {
      const inputs = point.inputs.map((id) => {
        const state = stateOf(id);
        return state === DROPPED ? undefined : state?.digest;
      });
      const known = inputs.every((digest) => digest !== undefined);
      const key = known ? `${point.id.replace(/\d/, '')}(${inputs.join()})` : undefined;
      const hit = there.get(key ?? '');
      const action = key === undefined ? 'await' : hit ? 'hit' : 'run';
      const reason = { kind: 'new', changes: [] } as const;
      const planned: PlannedStage = { ...point, key, record: undefined, action, reason };
      return { planned, hit };
    },
    settled: () => [],
    has: (key) => there.has(key),
    tell: (event) => {
      const id = 'id' in event ? event.id : '';
      if (event.kind !== 'planned') told.push(`${event.kind} ${id}`);
    },
    ...more,
  });
  /** Ids of what is ready. */
  const ready = () => agenda.ready().map(({ point }) => point.id);
  const take = (id: string) => {
    const work = agenda.ready().find(({ point }) => point.id === id);
    if (!work) throw new Error(`${id} is not ready`);
    agenda.take(work);
    return work;
  };
  const end = (work: ReturnType<Agenda['ready']>[number], digest?: string) => {
    const record = recordOf(work.key, digest);
    there.set(work.key, record);
    agenda.settle(agenda.release(work), 'ran', record);
  };
  const ends = () => agenda.outcomes().map(({ planned, outcome }) => `${planned.id} ${outcome}`);
  return { agenda, points, there, told, ready, take, end, ends };
}

const failure = { code: 'stage-error', message: 'it broke' };

it('has ready what waits for nothing, in the order of the points, and readers after their inputs', () => {
  const { agenda, ready, take, end, ends } = agendaIn({ a: [], b: [], c: ['a', 'b'], d: ['a'] });
  expect(ready()).toEqual([]);
  agenda.begin();
  expect(ready()).toEqual(['a', 'b']);
  const [a, b] = [take('a'), take('b')];
  expect(ready()).toEqual([]);
  end(a);
  expect(ready()).toEqual(['d']);
  end(b);
  expect(ready()).toEqual(['c', 'd']);
  end(take('d'));
  end(take('c'));
  expect(ends()).toEqual(['a ran', 'b ran', 'c ran', 'd ran']);
});

it('goes through hits without work, and knows keys as inputs come', () => {
  const { agenda, there, ready, told } = agendaIn({ a: [], b: ['a'], c: ['b'] });
  there.set('a()', recordOf('a()'));
  there.set('b(of a())', recordOf('b(of a())'));
  agenda.begin();
  expect(told).toEqual(['finish a', 'finish b']);
  expect(ready()).toEqual(['c']);
  expect(agenda.stages().map(({ key }) => key)).toEqual(['a()', 'b(of a())', 'c(of b(of a()))']);
});

it('makes one work of points with one key, which share how it ends', () => {
  const { agenda, ready, take, end, ends } = agendaIn({ a1: [], a2: [], b: ['a2'] });
  agenda.begin();
  expect(ready()).toEqual(['a1']);
  end(take('a1'));
  expect(ready()).toEqual(['b']);
  const again = agendaIn({ a1: [], a2: [], b: ['a2'] });
  again.agenda.begin();
  const work = again.take('a1');
  const sharers = again.agenda.release(work);
  expect(sharers.map(({ id }) => id)).toEqual(['a1', 'a2']);
  again.agenda.fail(sharers, failure, 1);
  expect(again.ends()).toEqual(['a1 failed', 'a2 failed', 'b skipped']);
  agenda.skipRest('the end');
  expect(ends()).toEqual(['a1 ran', 'a2 ran', 'b skipped']);
});

it('joins work that was taken already', () => {
  const { agenda, ready, take, end, ends } = agendaIn({ a: [], c1: [], c2: [], b1: ['a'] });
  agenda.begin();
  const c = take('c1');
  end(take('a'));
  expect(ready()).toEqual(['b1']);
  end(c);
  end(take('b1'));
  expect(ends()).toEqual(['a ran', 'c1 ran', 'c2 ran', 'b1 ran']);
});

it('skips what needs what failed, names the first, and leaves the rest ready', () => {
  const { agenda, points, told, ready, take, ends } = agendaIn({
    a: [],
    b: [],
    c: ['a'],
    d: ['c', 'b'],
  });
  agenda.begin();
  const work = take('a');
  agenda.fail(agenda.release(work), failure, 2);
  expect(told).toEqual(['fail a', 'skip c', 'skip d']);
  expect(agenda.failed()).toBe('a');
  expect(ready()).toEqual(['b']);
  agenda.fail(points.slice(1, 2), failure, 0);
  expect(agenda.failed()).toBe('a');
  expect(ends()).toEqual(['a failed', 'b failed', 'c skipped', 'd skipped']);
  expect(agenda.outcomes()[3]?.failure?.message).toBe('needs `a`, which failed');
});

it('fails readers that cannot succeed with a result, before they are planned', () => {
  const { agenda, ready, take, end, ends } = agendaIn(
    { a: [], b: ['a'], c: ['a'] },
    {
      settled: (_made, _record, waiting) =>
        waiting.slice(0, 1).map((point) => ({ point, failure: { ...failure, help: '' } })),
    },
  );
  agenda.begin();
  end(take('a'));
  expect(ready()).toEqual(['c']);
  agenda.skipRest('the end');
  expect(ends()).toEqual(['a ran', 'b failed', 'c skipped']);
});

it('makes a lost input again before the work, and what else waits for it', () => {
  const { agenda, there, ready, take, end, ends } = agendaIn({ a: [], b: ['a'], c: ['a'] });
  there.set('a()', recordOf('a()'));
  agenda.begin();
  expect(ready()).toEqual(['b', 'c']);
  const b = take('b');
  there.delete('a()');
  expect(agenda.mayRepeat(b.point)).toBe(true);
  agenda.repair(agenda.release(b));
  expect(ready()).toEqual(['a']);
  end(take('a'), 'other');
  expect(agenda.ready().map(({ key }) => key)).toEqual(['b(other)', 'c(other)']);
  end(take('b'));
  end(take('c'));
  expect(ends()).toEqual(['a ran', 'b ran', 'c ran']);
});

it('leaves work alone that was taken while its input is made again', () => {
  const { agenda, there, ready, take, end, ends } = agendaIn({ a: [], b: ['a'], c: ['a'] });
  there.set('a()', recordOf('a()'));
  agenda.begin();
  const [b, c] = [take('b'), take('c')];
  there.delete('a()');
  agenda.repair(agenda.release(b));
  end(take('a'));
  expect(ready()).toEqual(['b']);
  end(c);
  end(take('b'));
  expect(ends()).toEqual(['a ran', 'b ran', 'c ran']);
});

it('plans work anew under the key that it has by then', () => {
  let version = 1;
  const world: Partial<AgendaWorld> = {
    plan: (point) => {
      const key = `${point.id} ${version}`;
      const reason = { kind: 'new', changes: [] } as const;
      return { planned: { ...point, key, record: undefined, action: 'run', reason } };
    },
  };
  const { agenda, take } = agendaIn({ a: [] }, world);
  agenda.begin();
  const work = take('a');
  version = 2;
  agenda.replan(agenda.release(work));
  expect(agenda.ready().map(({ key }) => key)).toEqual(['a 2']);
});

it('repeats a point twice at the most', () => {
  const { agenda, points } = agendaIn({ a: [], b: [] });
  const [a = pointOf('a'), b = pointOf('b')] = points;
  expect([a, a, a, b].map(agenda.mayRepeat)).toEqual([true, true, false, true]);
});

it('says which work has no key', () => {
  const { agenda } = agendaIn({ a: ['b'], b: ['a'] });
  agenda.begin();
  expect(agenda.ready()).toEqual([]);
  expect(() => agenda.outcomes()).toThrow('`a` has no state');
});
