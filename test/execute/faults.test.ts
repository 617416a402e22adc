import { expect, it } from 'vitest';
import { canBeHalf, type Fault, hows, study, survive, undisturbed } from './faults.js';
import { folder } from './lab.js';

it('comes to the same end after a fault at an operation of the disk', async () => {
  const at = folder();
  study(at);
  const whole = await undisturbed(at);
  expect(whole.files.filter((name) => name.startsWith('epochs/'))).toHaveLength(2);
  const { operations } = whole.ran;
  expect(whole.ran.failures).toEqual([]);
  // A kill at every second, and others here and there; all at each: `npm run test:long`.
  const faults = operations.flatMap((operation, i): readonly Fault[] => {
    const how = hows[i % hows.length] ?? 'kill';
    const fits = how !== 'kill' && (how !== 'short' || canBeHalf(operation));
    const kill = { at: i + 1, how: 'kill' } as const;
    if (i % 2 === 0) return [kill];
    return fits && i % 3 === 0 ? [{ at: i + 1, how }] : [];
  });
  expect(faults.length).toBeGreaterThan(80);
  for (const fault of faults) await survive(at, whole, fault);
}, 600_000);
