import { expect, it } from 'vitest';
import { checkPlatform } from '../../src/runtime/supported-platform.js';

it('knows a runtime for linux x64 with glibc, and elsewhere names SSP_TENSORFLOW', () => {
  expect(() => checkPlatform('linux x64', '2.36')).not.toThrow();
  for (const [name, glibc] of [
    ['darwin arm64', undefined],
    ['linux arm64', '2.36'],
    ['win32 x64', undefined],
  ] as const) {
    expect(() => checkPlatform(name, glibc)).toThrow(
      expect.objectContaining({
        code: 'setup-unsupported-platform',
        message: `no TensorFlow runtime is known for ${name}, only for linux x64 with glibc`,
        help: expect.stringContaining('SSP_TENSORFLOW'),
      }),
    );
  }
});
