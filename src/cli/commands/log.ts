import { resolve } from 'node:path';
import { compareRuns } from '../../execute/history/compare-runs.js';
import { runsOf } from '../../execute/history/runs.js';
import { settingsText } from '../../execute/lock/lock.js';
import { Store } from '../../execute/store/store.js';
import { command, common } from '../command.js';
import { pipelineFile, settings } from '../study/pipeline.js';
import { numberOption } from '../study/session.js';
import { storeFolder } from '../study/store-folder.js';
import { type LoggedRun, logText } from '../text/log-text.js';

export const log = command({
  name: 'log',
  summary: 'list past runs of a file, what changed between them and how the numbers moved',
  arguments: [{ name: '<file>', about: 'a .ssp file' }],
  options: [
    { flags: '-n, --last <n>', about: 'only the last n runs' },
    {
      flags: '--set <name=value>',
      about: 'only runs with these settings, each beside the one before it; may be repeated',
      repeated: true,
    },
    common.store,
    common.json,
  ],
  examples: ['ssp log study.ssp', 'ssp log study.ssp -n 3', 'ssp log study.ssp --set epochs=800'],
  async run(io, [given], options) {
    const file = pipelineFile(io, given);
    const last = numberOption(options, 'last');
    const store = new Store(storeFolder(io, options, file));
    const all = runsOf(store, resolve(io.cwd, file));
    const set = options.set && settingsText(settings(options));
    const runs = set === undefined ? all : all.filter(({ lock }) => settingsText(lock.set) === set);
    const first = last === undefined ? 0 : Math.max(0, runs.length - last);
    const shown = runs.slice(first).map((run, i): LoggedRun => {
      const before = runs[first + i - 1];
      return { run, change: before && compareRuns(before, run, store) };
    });
    shown.reverse();
    if (options.json) {
      const document = { version: 1, file, runs: shown.map(runDocument) };
      io.out(JSON.stringify(document, null, 2));
    } else if (shown.length > 0) {
      io.out(logText(shown, io.colour.out));
    }
    if (shown.length === 0) {
      const which = set === undefined ? '' : ` with ${set}`;
      io.err(`no whole run of ${file}${which} is remembered in ${store.root}`);
    }
    return 0;
  },
});

function runDocument({ run, change }: LoggedRun) {
  const { finishedAt, ran, seconds, ssp, numbers, claims, lock } = run;
  return {
    finishedAt,
    set: lock.set ?? {},
    ran,
    stages: Object.keys(lock.stages).length,
    seconds,
    ssp,
    numbers,
    claims,
    changed: change
      ? {
          same: change.difference.same,
          stages: change.difference.stages.map(({ a, b, added, removed, changes }) => ({
            before: a?.name ?? null,
            after: b?.name ?? null,
            added,
            removed,
            changes: changes.map(({ path, before, after, points }) => ({
              path,
              before: before ?? null,
              after: after ?? null,
              points,
            })),
          })),
          numbers: change.moved.map(({ address, before, after }) => ({
            address,
            before: before ?? null,
            after: after ?? null,
          })),
          claims: change.claims.map(({ text, before, after }) => ({
            text,
            before: before ?? null,
            after: after ?? null,
          })),
          metrics: change.metrics
            .filter(({ before, after }) => before !== after)
            .map(({ b, metric, before, after }) => ({ id: b, metric, before, after })),
        }
      : null,
  };
}
