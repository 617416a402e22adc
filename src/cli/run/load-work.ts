import { join } from 'node:path';
import { withStrayErrors } from '../../execute/processes/stray-errors.js';
import type { LoadStage, StageWork } from '../../execute/task.js';
import { commandWork } from '../../execute/worker/command-work.js';
import { renewDescription } from '../../library/artifact/renew-description.js';
import { loadForKey } from './load-for-key.js';

/** The work of a stage, whose result is checked before it is kept; what is in it is told. */
export const loadWork: LoadStage = async (name, code) => {
  // A command runs nothing of the user's in this process.
  const guarded = code?.kind === 'command' ? unguarded : withStrayErrors;
  const work = await guarded(() => onDevice(name, code));
  return async (context) => {
    const result = await guarded(() => work(context));
    // An encoder that was trained here has the weights of its network.
    const isOwn = code !== undefined && code.kind !== 'values';
    if (!isOwn && context.result === 'Encoder') return result;
    // Numbers lie in no file.
    if (context.result === 'Metrics') return result;
    const { checkResult } = await import('../../library/artifact/check-result.js');
    const found = await checkResult(context.result, context.out, context.threads);
    return { ...result, facts: { ...found, ...result.facts } };
  };
};

const unguarded = <T>(work: () => Promise<T>): Promise<T> => work();

/** Work that finds the encoders it is given in the form that is documented, whenever they were stored. */
function withOneForm(work: StageWork): StageWork {
  return (context) =>
    work({
      ...context,
      artifact: async (digest) => {
        const artifact = await context.artifact(digest);
        if (artifact.type === 'Encoder') renewDescription(artifact.files['encoder.json']);
        return artifact;
      },
      layOut: async (digest, name) => {
        const folder = await context.layOut(digest, name);
        renewDescription(join(folder, 'encoder.json'));
        return folder;
      },
    });
}

/** Stages that compute with tensors: the versions and the device stand beside the result. */
const onDevice: LoadStage = async (name, code) => {
  if (code?.kind === 'command') return withOneForm(commandWork(code));
  // What computes with tensors takes longer to load than a small program runs.
  const { loadModule, loadStage } = await import('../../library/load.js');
  if (code) (await import('../../library/own-module.js')).resolveLibrary();
  if (code?.kind === 'module') return withOneForm(await loadModule(code.path));
  const work = await loadStage(name);
  return async (context) => {
    const loaded = await loadForKey(context);
    if (loaded === undefined) return work(context);
    const { recordedEnvironment } = await import('../../runtime/facts.js');
    const result = await work(context);
    return { ...result, environment: { ...recordedEnvironment(loaded), ...result.environment } };
  };
};
