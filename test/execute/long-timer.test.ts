import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { after } from '../../src/execute/processes/long-timer.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('waits for months, and not when it is called off', () => {
  const act = vi.fn();
  const other = vi.fn();
  after(60 * 86_400, act);
  const callOff = after(30 * 86_400, other);
  vi.advanceTimersByTime(26 * 86_400_000);
  callOff();
  vi.advanceTimersByTime(33 * 86_400_000);
  expect(act).not.toHaveBeenCalled();
  vi.advanceTimersByTime(2 * 86_400_000);
  expect(act).toHaveBeenCalledOnce();
  expect(other).not.toHaveBeenCalled();
});
