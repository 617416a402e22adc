import type { Report } from '../../../base/diagnostic.js';
import type { Module } from '../../ast.js';
import type { OwnFiles } from '../../own-files.js';
import type { Param, Report as TableReport } from '../../program.js';
import type { CheckedAxis, Context, Note, StageTable } from '../context.js';
import type { Expansions } from '../declarations/check-def.js';
import type { Setting } from '../declarations/check-param.js';
import type { DefScope } from '../declarations/def-body.js';
import { stageTable } from '../expressions/stage-table.js';
import type { FileNames } from './file-names.js';
import type { Modules } from './imports.js';

export interface OpenOptions {
  /** `std.ssl` for a module of the library: only there `extern` may stand alone. */
  readonly library: string | undefined;
  /** What `--set` can set here: the name that it has there, and the text if one is given. */
  readonly setting: (name: string) => Setting | undefined;
  readonly modules: Modules;
  /** For the stages of the user's own. */
  readonly files?: OwnFiles;
  /** The axes and stages of the program, for the files of a pipeline; names are the program's. */
  readonly shared?: Shared;
  readonly report: Report;
  readonly note?: Note | undefined;
}

/** What the files of a pipeline have in common. */
export interface Shared {
  readonly axes: Map<string, CheckedAxis>;
  readonly table: StageTable;
  readonly expansions: Expansions;
  /** What an axis or stage of this file is called in the program. */
  readonly nameOf: (own: string) => string;
  /** Is it the file asked for? The stages of others are no results of the pipeline. */
  readonly first: boolean;
}

/** A module of the library declares no axes and no stages. */
export const alone = (): Shared => {
  const expansions = { calls: 0, depth: 0 };
  return { axes: new Map(), table: stageTable(), expansions, nameOf: (own) => own, first: true };
};

/** A file whose declarations are being checked, and what they have given so far. */
export interface OpenFile {
  readonly module: Module;
  readonly options: OpenOptions;
  readonly shared: Shared;
  readonly names: FileNames;
  /** For checking its declarations. */
  readonly context: Context;
  /** Those that can be set, by the name that they have here. */
  readonly params: Map<string, Param>;
  readonly reports: TableReport[];
  /** What is done when all the rest is checked. */
  readonly atEnd: (() => void)[];
}

/** What a `def` sees of its file. */
export function defScope({ module, context, names, options, shared, atEnd }: OpenFile): DefScope {
  // a file that is imported is not checked to its end
  const later = (task: () => void) => (shared.first ? atEnd.push(task) : task());
  const symbol = (name: string) => names.byName.get(name);
  return { module, context, symbol, open: options.modules.open, later };
}
