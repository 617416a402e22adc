import { dirname, resolve } from 'node:path';
import { SspError } from '../../base/errors.js';
import { openWorld } from '../../execute/schedule/open-world.js';
import { contentDigest } from '../../execute/store/content.js';
import { Store } from '../../execute/store/store.js';
import { untouchedDisk } from '../../execute/store/untouched-disk.js';
import { compile } from '../../language/compile.js';
import type { StageStates } from '../../language/editor/stage-state.js';
import { DROPPED, planPoint } from '../../plan/build-plan.js';
import type { InputResult } from '../../plan/key.js';
import { pathsOf } from '../../plan/named-paths.js';
import type { PlannedStage, StagePoint } from '../../plan/plan.js';
import type { PlanWorld } from '../../plan/plan-world.js';
import { unfold } from '../../plan/unfold.js';
import { stageStates } from '../../server/stage-states.js';
import { fileHost } from '../study/file-host.js';
import { storeOf } from '../study/store-folder.js';
import type { PlanJob } from './background-planner.js';

/** An editor reads files up to this size for their digests; `ssp plan` reads the others. */
const mostBytes = 64 * 2 ** 20;

/**
 * What a run would do with each stage of a file as it stands in the editor: the same as `ssp plan`,
 * but nothing is written and no large data is read. Undefined for a file with mistakes.
 */
export async function statesFor(job: PlanJob): Promise<StageStates | undefined> {
  const disk = fileHost(job);
  const { program } = compile(
    { ...disk, readText: (path) => job.texts[path] ?? disk.readText(path) },
    job.path,
  );
  if (!program) return undefined;
  const env = process.env;
  const points = unfold(program, { env });
  const store = new Store(folderOf(job), untouchedDisk);
  const base = await openWorld([], {
    store,
    env,
    numeric: job.numeric,
    of: { file: job.path, set: {} },
  });
  const { contents, unknown } = await readContents(points, dirname(job.path), store);
  return stageStates(planQuietly(points, { ...base, contents }, unknown));
}

function folderOf({ path, store, root, cwd }: PlanJob): string {
  const open = root ?? cwd;
  return store === undefined ? storeOf(dirname(path), open) : resolve(open, store);
}

interface Read {
  readonly contents: PlanWorld['contents'];
  /** Why a file was not read, by path. */
  readonly unknown: ReadonlyMap<string, string>;
}

async function readContents(
  points: readonly StagePoint[],
  folder: string,
  store: Store,
): Promise<Read> {
  const digests = new Map<string, string>();
  const unknown = new Map<string, string>();
  const memory = { read: store.memory.read, write: () => {} };
  for (const { path, kind } of pathsOf(points)) {
    let left = mostBytes;
    try {
      const digest = await contentDigest(resolve(folder, path), kind, memory, (_, bytes) => {
        left -= bytes;
        if (left < 0)
          throw new SspError('unread', `${path}, which is large: \`ssp plan\` reads it`);
      });
      digests.set(`${kind} ${path}`, digest);
    } catch (error) {
      if (!(error instanceof SspError)) throw error;
      unknown.set(path, error.code === 'unread' ? error.message : `${path}, which cannot be read`);
    }
  }
  return { contents: (path, kind) => digests.get(`${kind} ${path}`) ?? '', unknown };
}

/** Plans every point; one that names a file of unknown content waits for it. */
function planQuietly(
  points: readonly StagePoint[],
  world: PlanWorld,
  unknown: ReadonlyMap<string, string>,
): readonly PlannedStage[] {
  const outputs = new Map<string, InputResult | typeof DROPPED>();
  return points.map((point) => {
    const lacks =
      unknown.size === 0 ? [] : pathsOf([point]).filter(({ path }) => unknown.has(path));
    const [first] = lacks;
    if (first) {
      const waitsFor = [unknown.get(first.path) ?? first.path];
      const reason = { kind: 'upstream', changes: [], waitsFor } as const;
      return { ...point, key: undefined, record: undefined, action: 'await', reason };
    }
    const { planned, output } = planPoint(point, (id) => outputs.get(id), world);
    if (output) outputs.set(point.id, output);
    else if (planned.action === 'drop') outputs.set(point.id, DROPPED);
    return planned;
  });
}
