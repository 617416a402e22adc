import { expect, it } from 'vitest';
import { canBeHalf, type Fault, hows, study, survive, undisturbed } from './faults.js';
import { folder } from './lab.js';

it('comes to the same end after a fault at an operation of the disk', async () => {
  const at = folder();
  study(at);
  const whole = await undisturbed(at);
  const { operations } = whole.ran;
  expect(whole.ran.failures).toEqual([]);
  // All operations with all faults: `npm run test:long`.
  const faults = operations.flatMap((operation, i): readonly Fault[] => {
    const how = hows[i % hows.length] ?? 'kill';
    const fits = how !== 'short' || canBeHalf(operation);
    return i % 3 === 0 ? [{ at: i + 1, how: fits ? how : 'kill' }] : [];
  });
  expect(faults.length).toBeGreaterThan(30);
  for (const fault of faults) await survive(at, whole, fault);
}, 120_000);
