import { isRecord } from '../../base/own.js';
import type { Io } from '../io.js';
import type { RunFlags } from '../run/run-flags.js';
import type { Ended } from '../text/end-line.js';
import { isRootName, isShown } from './answered.js';
import { rootPath } from './question.js';
import { type Remembering, remembering, unlessWrong } from './remembering.js';
import type { Said } from './witness.js';

/** A run with nothing to do: how it ended. */
export interface RunEnd {
  /** All that it said but how it ended. */
  readonly said: readonly Said[];
  readonly ended: Ended;
  readonly code: number;
  /** The name of the file in which the store has what the run used. */
  readonly root: string;
}

export interface UnchangedRun extends Pick<Remembering<RunEnd>, 'witness' | 'keep'> {
  /** Says again what was said when all was as it is now; undefined where something is otherwise. */
  readonly repeat: () => Promise<RunEnd | undefined>;
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
  if (ordinary.some((flag) => options[flag] !== undefined)) return undefined;
  const words = { colour: { ...io.colour }, width: io.width };
  const remembered = remembering(io, { words, file, options, read: endFrom });
  return (
    remembered && {
      ...remembered,
      repeat: () =>
        unlessWrong(async () => {
          const known = await remembered.recall();
          if (known === undefined) return undefined;
          const { end, store } = known;
          // As an ordinary run would write it anew: `gc` goes by when a file was run last.
          store.disk.touch(rootPath(store, end.root));
          for (const [stream, said] of end.said) io[stream](said);
          return end;
        }),
    }
  );
}

function endFrom(json: Readonly<Record<string, unknown>>): RunEnd | undefined {
  const { said, ended, code, root } = json;
  const sound =
    Array.isArray(said) &&
    said.every(isSaid) &&
    isRecord(ended) &&
    [ended.file, ended.counts, ended.why].every(isShown) &&
    (code === 0 || code === 1) &&
    isRootName(root);
  return sound ? (json as unknown as RunEnd) : undefined;
}

const isSaid = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.length === 2 &&
  (value[0] === 'out' || value[0] === 'err') &&
  isShown(value[1]);
