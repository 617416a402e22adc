import { join } from 'node:path';
import { expect, it } from 'vitest';
import { onPresentGpus } from '../../src/cli/executors/present-gpus.js';
import { putPrograms } from '../runtime/tiny-runtime.js';
import { temporaryFolder } from '../support/temporary-folder.js';

function machine(nvidiaSmi: string | undefined) {
  const said: string[] = [];
  const root = temporaryFolder();
  const programs: Record<string, string> =
    nvidiaSmi === undefined ? {} : { 'nvidia-smi': `echo '${nvidiaSmi}'` };
  const io = {
    cwd: root,
    env: { PATH: nvidiaSmi === undefined ? join(root, 'none') : putPrograms(root, programs) },
    colour: { out: false, err: false },
    width: 100,
    live: false,
    out: (text: string) => said.push(text),
    err: (text: string) => said.push(text),
  };
  return { io, said };
}

it('runs on the processor where there is no GPU, and says so', async () => {
  const { io, said } = machine(undefined);
  const options = await onPresentGpus(io, { gpus: '0', jobs: '2' });
  expect(options).toEqual({ gpus: undefined, jobs: '2' });
  expect(said.join()).toMatch(/^--gpus 0: no GPU was found here, running on the processor/);
});

it('leaves the GPUs that are there, and refuses others by what there is', async () => {
  const { io, said } = machine('0, NVIDIA H100 80GB HBM3, 81559, 550.1');
  expect(await onPresentGpus(io, { gpus: '0' })).toEqual({ gpus: '0' });
  expect(await onPresentGpus(io, {})).toEqual({});
  await expect(onPresentGpus(io, { gpus: '0,1' })).rejects.toMatchObject({
    code: 'no-gpu',
    message: 'there is no GPU 1',
    help: 'this machine has 0 (NVIDIA H100 80GB HBM3)',
  });
  const given = { ...io, env: { ...io.env, CUDA_VISIBLE_DEVICES: '2,3' } };
  await expect(onPresentGpus(given, { gpus: '0' })).rejects.toMatchObject({
    message: 'GPU 0 is not among CUDA_VISIBLE_DEVICES=2,3',
  });
  for (const [hidden, ids] of [
    ['', '0'],
    ['-1', '0'],
    [' ', '0'],
    ['1,-1,0', '0'],
  ] as const) {
    const none = { ...io, env: { ...io.env, CUDA_VISIBLE_DEVICES: hidden } };
    await expect(onPresentGpus(none, { gpus: ids })).rejects.toMatchObject({ code: 'no-gpu' });
  }
  const one = { ...io, env: { ...io.env, CUDA_VISIBLE_DEVICES: '0,-1' } };
  expect(await onPresentGpus(one, { gpus: '0' })).toEqual({ gpus: '0' });
  await expect(onPresentGpus(io, { gpus: '0, 0' })).rejects.toThrow('names GPU 0 twice');
  expect(said).toEqual([]);
});
