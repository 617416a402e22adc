import { statfs } from 'node:fs/promises';
import { type CompileBinding, compileBindingWithCompiler } from './compile-binding.js';
import type { Environment } from './environment.js';
import { type FetchWheel, fetchWheelWithPip } from './fetch-wheel.js';
import type { RuntimeRecipe } from './recipe.js';
import { type SmokeTest, smokeTest } from './smoke-test.js';
import { checkPlatform } from './supported-platform.js';

/** What the set-up is doing; `wait` means that another process is setting up the same runtime. */
export type SetupPhase =
  | 'wait'
  | 'download'
  | 'verify'
  | 'extract'
  | 'compile'
  | 'strip'
  | 'test'
  | 'ready';

/** Progress of the set-up: bytes in download, verify and extract, else steps. */
export interface SetupProgress {
  readonly phase: SetupPhase;
  readonly done: number;
  readonly total: number;
}

/** The steps that touch the world; tests replace some of them. */
export interface SetupSteps {
  readonly checkPlatform: () => void;
  /** Free bytes of the disk that holds a folder. */
  readonly freeBytes: (folder: string) => Promise<number>;
  readonly fetchWheel: FetchWheel;
  readonly compileBinding: CompileBinding;
  readonly smokeTest: SmokeTest;
}

/** The steps as they are outside tests. */
export const realSteps: SetupSteps = {
  checkPlatform: () => checkPlatform(),
  freeBytes: async (folder) => {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  },
  fetchWheel: fetchWheelWithPip,
  compileBinding: compileBindingWithCompiler,
  smokeTest,
};

/** What every step of one set-up needs. */
export interface SetupJob {
  readonly env: Environment;
  readonly recipe: RuntimeRecipe;
  readonly steps: SetupSteps;
  readonly signal: AbortSignal | undefined;
  readonly report: (phase: SetupPhase, done: number, total: number) => void;
}
