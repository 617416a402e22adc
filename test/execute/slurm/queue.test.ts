import { expect, it } from 'vitest';
import { isOver, parseAccounts, parseQueue } from '../../../src/execute/slurm/queue.js';

const name = 'ssp-0123456789abcdef';

it('finds tasks by the name of their job, those that wait in ranges', () => {
  const queue = parseQueue(
    [
      `12|0|RUNNING|None|${name}`,
      `12|1,4-6,9%2|PENDING|Resources|${name}`,
      `12|[2-3]|PENDING|JobHeldUser|${name}`,
      '13|N/A|RUNNING|None|somebody else',
      '',
    ].join('\n'),
  ).get(name);
  expect(queue?.job).toBe('12');
  expect(queue?.tasks.of(0)?.state).toBe('RUNNING');
  expect(queue?.tasks.of(5)?.reason).toBe('Resources');
  expect(queue?.tasks.of(9)?.state).toBe('PENDING');
  expect(queue?.tasks.of(3)?.reason).toBe('JobHeldUser');
  expect(queue?.tasks.of(7)).toBeUndefined();
  const pending = Array.from({ length: 12 }, (_, index) => queue?.tasks.of(index)?.state);
  expect(pending.filter((state) => state === 'PENDING')).toHaveLength(7);
});

it('knows tasks that were cancelled together before they began, by what is left of their array', () => {
  const lines = [`12|0|RUNNING|None|${name}`, `12|N/A|CANCELLED|Priority|${name}`];
  const tasks = parseQueue(lines.join('\n')).get(name)?.tasks;
  expect([0, 1].map((n) => tasks?.of(n)?.state)).toEqual(['RUNNING', 'CANCELLED']);
});

it('takes what is at work for more than what has ended', () => {
  const lines = [`12|0|NODE_FAIL|None|${name}`, `12|0|PENDING|BeginTime|${name}`];
  for (const text of [lines, lines.toReversed()]) {
    expect(parseQueue(text.join('\n')).get(name)?.tasks.of(0)?.state).toBe('PENDING');
  }
});

it('takes no state that it does not know for an end', () => {
  expect(isOver('COMPLETED')).toBe(true);
  expect(isOver('TELEPORTING')).toBe(false);
});

it('reads what accounting says', () => {
  const text = `12_0|CANCELLED by 1000
12_1|OUT_OF_MEMORY
12_4|FAILED
12_[2-3,4-5%2]|CANCELLED by 1000
13|COMPLETED
`;
  expect(parseAccounts(text)).toEqual(
    new Map([
      ['12_0', 'CANCELLED'],
      ['12_1', 'OUT_OF_MEMORY'],
      ['12_2', 'CANCELLED'],
      ['12_3', 'CANCELLED'],
      ['12_4', 'FAILED'],
      ['12_5', 'CANCELLED'],
    ]),
  );
});
