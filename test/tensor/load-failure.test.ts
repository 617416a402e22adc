import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { installRuntime } from '../../src/runtime/install.js';
import { runtimeFolder, runtimeStatus } from '../../src/runtime/locate.js';
import { smokeTest } from '../../src/runtime/smoke-test.js';
import { loadTensorFlow } from '../../src/tensor/load.js';
import { temporaryFolder } from '../support/temporary-folder.js';

it('says what to do when the runtime is missing, broken, or does not load', async () => {
  const cache = temporaryFolder();
  process.env.SSP_CACHE = cache;
  try {
    expect(() => loadTensorFlow()).toThrow(
      expect.objectContaining({
        code: 'runtime-missing',
        help: expect.stringContaining('ssp setup'),
      }),
    );
    cpSync(import.meta.dirname, runtimeFolder(), { recursive: true });
    expect(() => loadTensorFlow()).toThrow(expect.objectContaining({ code: 'runtime-broken' }));
    const binding = join(runtimeFolder(), 'tfjs_binding.node');
    writeFileSync(binding, 'no ELF');
    const files = { 'tfjs_binding.node': { bytes: 6, sha256: '' } };
    const manifest = { version: 1, tensorflow: '2.21.0', files };
    writeFileSync(join(runtimeFolder(), 'manifest.json'), JSON.stringify(manifest));
    expect(() => loadTensorFlow()).toThrow(
      expect.objectContaining({ code: 'runtime-cannot-load' }),
    );
    await expect(smokeTest(runtimeFolder())).rejects.toMatchObject({
      code: 'setup-cannot-load',
      message: expect.stringMatching(/file too short|invalid ELF header/),
    });
  } finally {
    delete process.env.SSP_CACHE;
  }
});

it('connects to a TensorFlow that is there already, by SSP_TENSORFLOW', async () => {
  const env = {
    ...process.env,
    SSP_TENSORFLOW: runtimeFolder({ ...process.env, SSP_TENSORFLOW: undefined }),
    SSP_CACHE: temporaryFolder(),
  };
  const phases: string[] = [];
  const folder = await installRuntime({ env, onProgress: ({ phase }) => phases.push(phase) });
  expect(phases).toEqual(['compile', 'test', 'ready']);
  expect(runtimeStatus(env)).toEqual({ kind: 'ready', folder, tensorflow: '2.21.0' });
  expect(await smokeTest(folder)).toEqual({ version: '2.21.0', device: 'cpu' });
});
