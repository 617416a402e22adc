import { hostname } from 'node:os';
import { digestOf, type Json } from '../../base/canonical.js';
import { SspError, systemCode } from '../../base/errors.js';
import { seal, unseal } from '../../execute/seal.js';
import { Store } from '../../execute/store/store.js';
import { buildId } from '../build-id.js';
import type { Io } from '../io.js';
import type { RunFlags } from '../run/run-flags.js';
import { fileHost } from '../study/file-host.js';
import { storeFolder } from '../study/store-folder.js';
import { answerTo, rootPath } from './question.js';
import { type Remembered, rememberedFrom } from './remembered.js';
import { type Witness, witnessOf } from './witness.js';

/*
 * A run that found nothing to do is remembered with all that it asked of the world and what was
 * answered: a verifying trace. Another one of the same words first asks the same. If all answers are the
 * same it comes to the same end, as what lies between is pure, and says what was said then; else it is
 * an ordinary run. What is remembered lies in `memo/` of the store, and can be lost.
 */

export interface UnchangedRun {
  readonly witness: Witness;
  /** Says again what was said when all was as it is now; undefined where something is otherwise. */
  readonly repeat: () => Promise<Remembered | undefined>;
  /** Remembers a run that had nothing to do, unless an answer that it had may change unseen. */
  readonly keep: (store: Store, end: Omit<Remembered, 'version' | 'asked'>) => void;
}

/** With these a run depends on more, such as the results of others, or writes more. */
const ordinary = [
  'gpus',
  'executor',
  'detach',
  'frozen',
  'from',
  'live',
  'profile',
  'tensorboard',
  'requireSigned',
  'verify',
  'verifySeed',
] as const;

/** Undefined for a run that is always made. */
export function unchangedRun(io: Io, file: string, options: RunFlags): UnchangedRun | undefined {
  const build = buildId();
  if (build === undefined || ordinary.some((flag) => options[flag] !== undefined)) return undefined;
  const folder = storeFolder(io, options, file);
  const name = digestOf('ssp-unchanged/1', {
    build,
    node: process.version,
    host: hostname(),
    cwd: io.cwd,
    folder,
    file,
    options: options as Json, // texts, lists of texts and `true`, by the types of flags
    colour: { ...io.colour },
    width: io.width,
  });
  const witness = witnessOf(io);
  return {
    witness,
    repeat: async () => {
      try {
        const store = new Store(folder);
        const text = store.memory.read(name);
        const known = text === undefined ? undefined : rememberedFrom(unseal(text));
        if (known === undefined) return undefined;
        const asked = { io, options, host: fileHost(io), store };
        for (const [question, before] of known.asked) {
          const answer = answerTo(question, asked);
          if ((typeof answer === 'string' ? answer : await answer) !== before) return undefined;
        }
        // As an ordinary run would write it anew: `gc` goes by when a file was run last.
        store.disk.touch(rootPath(store, known.root));
        for (const [stream, said] of known.said) io[stream](said);
        return known;
      } catch (error) {
        // The ordinary run says what is wrong.
        if (error instanceof SspError || systemCode(error) !== undefined) return undefined;
        throw error;
      }
    },
    keep: (store, end) => {
      const asked = witness.asked();
      if (asked === undefined) return;
      const remembered: Remembered = { version: 1, asked, ...end };
      store.memory.write(name, seal(remembered));
    },
  };
}
