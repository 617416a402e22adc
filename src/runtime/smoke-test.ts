import { join } from 'node:path';
import { SspError } from '../base/errors.js';
import { bindingName, type Device } from './recipe.js';
import { runTool } from './run-tool.js';

/** Loads a runtime in a process of its own; returns TensorFlow's version and what it runs on. */
export type SmokeTest = (
  folder: string,
  signal?: AbortSignal,
) => Promise<{ readonly version: string; readonly device: Device }>;

// Adds 1 and 2 in TensorFlow. Plain script text: it runs without our code, before anything is
// renamed into place.
const script = `
const b = require(process.argv[1]);
const one = b.createTensor([1], b.TF_FLOAT, new Float32Array([1]));
const two = b.createTensor([1], b.TF_FLOAT, new Float32Array([2]));
const attrs = [{ name: 'T', type: b.TF_ATTR_TYPE, value: b.TF_FLOAT }];
const [sum] = b.executeOp('AddV2', attrs, [one, two], 1);
if (b.tensorDataSync(sum.id)[0] !== 3) throw new Error('1 + 2 is not 3');
console.log(b.TF_Version, b.isUsingGpuDevice() ? 'cuda' : 'cpu');
`;

/**
 * Loads the runtime in a child process, so that a crash (a processor without AVX) is an error
 * message, and runs one op.
 * @throws SspError `setup-cannot-load`.
 */
export const smokeTest: SmokeTest = async (folder, signal) => {
  const result = await runTool(process.execPath, ['-e', script, join(folder, bindingName)], {
    // LD_BIND_NOW: a symbol that this TensorFlow lacks is an error now, not at its first use.
    // ALLOW_GROWTH: a GPU may be at work for somebody else; take no more than the test needs.
    env: {
      ...process.env,
      TF_CPP_MIN_LOG_LEVEL: '2',
      TF_FORCE_GPU_ALLOW_GROWTH: 'true',
      LD_BIND_NOW: '1',
    },
    signal,
  });
  const [version, device] = result.stdout.trim().split(' ');
  if (result.code === 0 && version) return { version, device: device === 'cuda' ? 'cuda' : 'cpu' };
  const reason =
    result.stderr
      .split('\n')
      .find((line) => /error:|instructions|cannot open|undefined symbol/i.test(line)) ??
    (result.signal === undefined ? `exit code ${result.code}` : `it died of ${result.signal}`);
  throw new SspError('setup-cannot-load', `TensorFlow does not load here: ${reason.trim()}`, {
    help: 'TensorFlow 2.21 needs glibc 2.27 and a processor with AVX; SSP_TENSORFLOW=/path uses another build of it',
    cause: new Error(result.stderr),
  });
};
