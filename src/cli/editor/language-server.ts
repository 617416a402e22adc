import { createConnection } from 'vscode-languageserver/node';
import { serve } from '../../server/serve.js';
import type { Io } from '../io.js';
import { fileHost } from '../study/file-host.js';
import { version } from '../version.js';
import { backgroundPlanner, type PlannerOptions } from './background-planner.js';

/** Serves an editor on stdin and stdout; does not return before the editor ends it. */
export function startServer(io: Io, options: PlannerOptions): Promise<never> {
  // given the streams themselves it ends the process when the editor closes them
  const connection = createConnection(process.stdin, process.stdout);
  serve(connection, {
    host: fileHost(io),
    version: version(),
    planner: backgroundPlanner(io, options),
  });
  // the connection ends the process
  return new Promise<never>(() => {});
}
