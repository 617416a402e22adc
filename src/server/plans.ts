import type { StageStates } from '../language/editor/stage-state.js';
import { background } from './background.js';
import type { Planner } from './services.js';
import type { Workspace } from './workspace.js';

/** What runs would do, learnt in the background. */
export interface Plans {
  /** The last that is known of a file. */
  statesOf(path: string): StageStates | undefined;
  /** A file changed, or was looked at anew: learn again when things are quiet. */
  refresh(path: string): void;
  refreshAll(): void;
  forget(path: string): void;
  stop(): void;
}

/**
 * Milliseconds without a change before a file is planned, and how long changes can put that off: long,
 * as planning takes the other processor from who types on, and hints are for those who pause.
 */
const quiet = 400;
const longest = 30_000;

export function plans(
  workspace: Workspace,
  planner: Planner | undefined,
  changed: () => void,
  failed: (error: unknown) => void,
): Plans {
  const known = new Map<string, StageStates>();
  const later = background(quiet, longest, failed);
  const running = new Set<string>();
  const again = new Set<string>();

  async function learn(path: string): Promise<void> {
    if (!planner || !workspace.documents.has(path)) return;
    if (running.has(path)) {
      again.add(path);
      return;
    }
    running.add(path);
    try {
      const texts = Object.fromEntries(
        [...workspace.documents].map(([name, document]) => [name, document.getText()]),
      );
      const [first] = workspace.folders;
      const around = [...workspace.folders].find((folder) => path.startsWith(folder));
      const root = around ?? first;
      const states = await planner.plan({ path, root, texts });
      // a file with mistakes keeps what was known of it
      if (states && workspace.documents.has(path)) {
        known.set(path, states);
        changed();
      }
    } finally {
      running.delete(path);
      if (again.delete(path)) refresh(path);
    }
  }

  function refresh(path: string): void {
    if (planner && path.endsWith('.ssp')) later.soon(path, () => learn(path).catch(failed));
  }

  return {
    statesOf: (path) => known.get(path),
    refresh,
    refreshAll: () => {
      for (const path of workspace.documents.keys()) refresh(path);
    },
    forget: (path) => {
      later.cancel(path);
      known.delete(path);
    },
    stop: () => {
      later.stop();
      planner?.stop();
    },
  };
}
