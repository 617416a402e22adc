import { expect, it } from 'vitest';
import { bestPrecision, hardware } from '../../src/runtime/best-precision.js';

const cpu = (flags: string) => ({
  cpuinfo: `processor\t: 0\nflags\t\t: fpu sse ${flags} xsave\nbugs\t\t: x\n`,
  capabilities: [],
});

it.each([
  ['avx512f avx512_bf16', 'bf16'],
  ['amx_bf16', 'bf16'],
  ['avx2 fma', 'fp32'],
  ['not_avx512_bf16', 'fp32'],
])('takes of a processor with %s: %s', (flags, expected) => {
  expect(bestPrecision(cpu(flags))).toBe(expected);
});

it('takes fp32 of a processor that says nothing', () => {
  expect(bestPrecision({ cpuinfo: '', capabilities: [] })).toBe('fp32');
});

it('takes of GPUs what all of them multiply fast', () => {
  const gpus = (...capabilities: string[]) =>
    bestPrecision({ ...cpu('avx512_bf16'), capabilities });
  expect(gpus('8.0', '9.0')).toBe('bf16');
  expect(gpus('10.0')).toBe('bf16');
  expect(gpus('8.6', '7.5')).toBe('fp32');
  expect(gpus('[N/A]')).toBe('fp32');
});

it('looks at this machine', () => {
  expect(hardware([])).toMatchObject({ capabilities: [] });
  expect(hardware([0, 1]).capabilities).toHaveLength(2);
});
