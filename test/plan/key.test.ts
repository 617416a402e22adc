import { expect, it } from 'vitest';
import type { Term } from '../../src/language/program.js';
import { keyOf } from '../../src/plan/key.js';
import type { NumericClass } from '../../src/plan/plan.js';
import { unfold } from '../../src/plan/unfold.js';
import {
  at,
  axis,
  binary,
  describe,
  field,
  fileTerm,
  from,
  literal,
  num,
  program,
  record,
  slice,
  stage,
} from './program-of.js';

interface World {
  readonly inputs?: Readonly<Record<string, string>>;
  readonly files?: string;
  readonly numeric?: NumericClass;
  readonly top1?: number;
  readonly inputType?: string;
}

const cpu: NumericClass = { device: 'cpu', precision: 'fp32' };

/** The key of the last point of a program. */
function keyed(p: Parameters<typeof program>[0], world: World = {}, id?: string) {
  const points = unfold(program(p), { env: { ROOT: '/data' } });
  const point = id ? points.find((q) => q.id === id) : points.at(-1);
  if (!point) throw new Error('no such point');
  const input = (of: string) => ({
    type: world.inputType ?? 'Images',
    digest: world.inputs?.[of] ?? 'aa',
    metrics: { top1: world.top1 ?? 0.5 },
  });
  return keyOf(point, input, (path) => (world.files ?? 'ff') + path.length, world.numeric ?? cpu);
}

const source = (args: Record<string, Term> = {}) =>
  stage('source', 'Images', { size: num(64), ...args });
const encoder = (args: Record<string, Term> = {}, more = {}) =>
  stage(
    'encoder',
    'Encoder',
    {
      pairs: from(source()),
      method: describe('std.ssl.simclr', { temperature: num(0.5) }),
      epochs: num(10),
      list: fileTerm(literal('pairs.csv')),
      ...args,
    },
    more,
  );
const key = (s = encoder(), world: World = {}) => keyed({ stages: [source(), s] }, world).key;

it.each<[string, () => string]>([
  [
    'training op by op',
    () => key(encoder(), { numeric: { device: 'cpu', precision: 'fp32', mode: 'eager' } }),
  ],
  ['a GPU', () => key(encoder(), { numeric: { device: 'cuda', precision: 'fp32' } })],
  [
    'TF32 on one',
    () => key(encoder(), { numeric: { device: 'cuda', precision: 'fp32', tf32: true } }),
  ],
  ['a parameter', () => key(encoder({ epochs: num(11) }))],
  [
    'a removed parameter',
    () => {
      const { calls, ...rest } = encoder();
      const [first] = calls;
      if (!first) throw new Error();
      const args = first.call.args.filter((a) => a.name !== 'epochs');
      return key({ ...rest, calls: [{ when: [], call: { ...first.call, args } }] });
    },
  ],
  ['an added parameter', () => key(encoder({ more: num(1) }))],
  [
    'a parameter of a description',
    () => key(encoder({ method: describe('std.ssl.simclr', { temperature: num(0.1) }) })),
  ],
  [
    'the name of a description',
    () => key(encoder({ method: describe('std.ssl.other', { temperature: num(0.5) }) })),
  ],
  ['the type of a parameter', () => key(encoder({ epochs: literal('10') }))],
  ['the content of an input', () => key(encoder(), { inputs: { source: 'bb' } })],
  ['the content of a file', () => key(encoder(), { files: 'ee' })],
  ['the declared stage', () => key(encoder({}, { extern: 'test.other' }))],
  ['its version', () => key(encoder({}, { version: 2 }))],
  ['the device', () => key(encoder(), { numeric: { device: 'cuda', precision: 'fp32' } })],
  ['its precision', () => key(encoder({ precision: literal('bf16') }))],
])('changing %s changes the key', (_, changed) => {
  expect(changed()).not.toBe(key());
});

it.each<[string, () => string]>([
  [
    'the name of the stage',
    () => keyed({ stages: [source(), { ...encoder(), name: 'model' }] }).key,
  ],
  ['where it is written', () => key(encoder({}, { line: 40 }))],
  ['its documentation', () => key({ ...encoder(), doc: 'changed' })],
  ['its resources', () => key(encoder({}, { resources: { gpus: 2, timeoutSeconds: 5 } }))],
  ['its keyword', () => key(encoder({}, { keyword: 'evaluate' }))],
  [
    'the order of arguments',
    () => {
      const s = encoder();
      const [first] = s.calls;
      if (!first) throw new Error();
      const args = first.call.args.toReversed();
      return key({ ...s, calls: [{ when: [], call: { ...first.call, args } }] });
    },
  ],
  ['how a value is computed', () => key(encoder({ epochs: binary(num(2), '*', num(5)) }))],
  [
    'the place of a file with equal content',
    () => key(encoder({ list: fileTerm(literal('other.csv')) })),
  ],
])('changing %s leaves the key', (_, same) => {
  expect(same()).toBe(key());
});

it('holds what `auto` means on the machine, and not what it would mean', () => {
  const of = (precision: string, best: NumericClass['precision']) =>
    keyed(
      { stages: [source(), encoder({ precision: literal(precision) })] },
      { numeric: { device: 'cpu', precision: best } },
    );
  expect(of('auto', 'bf16')).toEqual(of('bf16', 'fp32'));
  expect(of('auto', 'fp32')).toEqual(of('fp32', 'bf16'));
  const { record } = of('auto', 'bf16');
  expect(record.params.precision).toBe('bf16');
  expect(record.numeric).toEqual({ device: 'cpu', precision: 'bf16' });
  // A stage that says nothing computes in float32 on every machine.
  const bf16: NumericClass = { device: 'cpu', precision: 'bf16' };
  expect(key(encoder(), { numeric: bf16 })).toBe(key());
});

it('does not depend on names or order of axes and labels', () => {
  const make = (name: string, labels: Record<string, Term>, label: string) => {
    const s = stage('e', 'Encoder', { seed: at(name) });
    return keyed({ axes: [axis(name, labels)], stages: [s] }, {}, `e[${name}=${label}]`).key;
  };
  const first = make('seed', { 1: num(1), 2: num(2) }, '2');
  expect(make('seed', { b: num(2), a: num(1) }, 'b')).toBe(first);
  expect(make('start', { 2: num(2), 1: num(1) }, '2')).toBe(first);
});

it('holds the numeric class only for stages that compute with tensors', () => {
  const gpu = { numeric: { device: 'cuda', precision: 'fp32' } } as const;
  const images = { stages: [source()] };
  expect(keyed(images, gpu)).toEqual(keyed(images));
  const reader = { stages: [source(), stage('r', 'Files', { of: from(source()) })] };
  expect(keyed(reader, gpu).key).toBe(keyed(reader).key);
  expect(keyed(reader, { ...gpu, inputType: 'Encoder' }).record.numeric).toEqual(gpu.numeric);
});

it('reads a number of another stage, not the digest of its result', () => {
  const probe = stage('probe', 'Metrics', { seed: at('seed') });
  const next = stage('next', 'Files', { lr: field(slice(from(probe), 'seed', ['1']), 'top1') });
  const p = { axes: [axis('seed', { 1: num(1), 2: num(2) })], stages: [probe, next] };
  expect(keyed(p, { top1: 0.25 }).record.params).toEqual({ lr: 0.25 });
  expect(keyed(p, { top1: 0.25, inputs: { 'probe[seed=1]': 'bb' } }).key).toBe(
    keyed(p, { top1: 0.25 }).key,
  );
  expect(keyed(p, { top1: 0.3 }).key).not.toBe(keyed(p, { top1: 0.25 }).key);
});

it('tells a record of the user from the tags of the key', () => {
  const s = stage('s', 'Files', {
    a: record({ file: literal('ff9') }),
    b: slice(literal('x'), 'none', ['y']),
  });
  expect(keyed({ stages: [s] }).record.params.a).toEqual({ record: { file: 'ff9' } });
});
