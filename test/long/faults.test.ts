import { expect, it } from 'vitest';
import { canBeHalf, type Fault, hows, study, survive, undisturbed } from '../execute/faults.js';
import { folder } from '../execute/lab.js';

it('comes to the same end after each fault at each operation of the disk', async () => {
  const at = folder();
  study(at);
  const whole = await undisturbed(at);
  expect(whole.files.filter((name) => name.startsWith('epochs/'))).toHaveLength(2);
  const { operations } = whole.ran;
  const faults = hows.flatMap((how) =>
    operations.flatMap((operation, i): readonly Fault[] =>
      how !== 'short' || canBeHalf(operation) ? [{ at: i + 1, how }] : [],
    ),
  );
  const wrong: string[] = [];
  for (const fault of faults) {
    await survive(at, whole, fault).catch((error: unknown) => wrong.push(String(error)));
  }
  const counts = hows.map((how) => `${how} ${faults.filter((fault) => fault.how === how).length}`);
  const kinds = [...new Set(operations)].sort().join(', ');
  console.log(`${operations.length} operations (${kinds}): ${counts.join(', ')}`);
  expect(wrong).toEqual([]);
}, 3_600_000);
