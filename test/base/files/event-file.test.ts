import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { endsWithStop, eventBytes } from '../../../src/base/files/event-file.js';

const reference = new URL('../../fixtures/parity/event_file.tfevents', import.meta.url);

it("writes the bytes that TensorBoard's own writer writes", () => {
  const scalars = (time: number, step: number, given: Readonly<Record<string, number>>) =>
    ({ time, step, what: { kind: 'scalars', scalars: given } }) as const;
  const events = [
    { time: 1.75e9, step: 0, what: { kind: 'version' } },
    { time: 1.75e9, step: 0, what: { kind: 'start' } },
    scalars(1750000001.25, 1, { loss: 2.5, feature_std: 0.1, lr: 0 }),
    scalars(1750000002.5, 300, { 'steps/loss': Number.NaN, 'steps/images_per_second': 1e9 }),
    scalars(1750000003, 3_000_000_000, { entropie_ä: -1e-30 }),
    { time: 1750000004, step: 0, what: { kind: 'stop' } },
  ] as const;
  const bytes = eventBytes(events);
  expect(bytes.toString('hex')).toBe(readFileSync(reference).toString('hex'));
  expect(endsWithStop(bytes)).toBe(true);
  expect(endsWithStop(eventBytes(events.slice(0, -1)))).toBe(false);
  expect(endsWithStop(bytes.subarray(0, 10))).toBe(false);
});
