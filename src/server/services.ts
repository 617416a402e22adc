import type { StageStates } from '../language/editor/stage-state.js';
import type { Host } from '../language/host.js';

/** What the server is given by those who start it. */
export interface Services {
  /** Reads from the disk; open documents come before it. */
  readonly host: Host;
  readonly version: string;
  /** Plans a file in the background; none where there is no store to look at. */
  readonly planner?: Planner | undefined;
}

export interface Planner {
  /**
   * What a run would do with each stage; undefined when the file has mistakes or was asked for
   * again meanwhile. `texts` are the open documents by path.
   */
  plan(request: PlanRequest): Promise<StageStates | undefined>;
  stop(): void;
}

export interface PlanRequest {
  readonly path: string;
  /** The folder that the store is in, if it is not given. */
  readonly root: string | undefined;
  readonly texts: Readonly<Record<string, string>>;
}
