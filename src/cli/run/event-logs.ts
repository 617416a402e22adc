import { readFileSync } from 'node:fs';
import { SspError, systemCode } from '../../base/errors.js';
import { own } from '../../base/own.js';
import type { StageRecord } from '../../execute/record.js';
import type { RunEvent } from '../../execute/schedule/run-event.js';
import type { PlannedStage } from '../../plan/plan.js';
import { type EventLog, openEventLog, writeEventLog } from '../../report/event-log.js';
import { parseHistory, withBeside } from '../../report/history.js';

/**
 * Writes the trainings of a run for TensorBoard as they go on, and those that are there already; throws an
 * SspError where it cannot. `blobPath` says where content lies.
 */
export function eventLogs(
  root: string,
  blobPath: (digest: string) => string,
): (event: RunEvent) => void {
  const planned = new Map<string, PlannedStage>();
  const logs = new Map<string, EventLog>();
  const finish = (id: string, record: StageRecord): void => {
    const stage = planned.get(id);
    const file = own(record.output.files, 'history.json');
    const history = file && parseHistory(read(blobPath(file.digest), id));
    if (!stage || !history) return;
    const { rows } = withBeside(history, { record });
    const log = logs.get(id);
    if (log) log.end(rows);
    else writeEventLog(root, { ...stage, ...record }, rows);
  };
  return (event) => {
    switch (event.kind) {
      case 'plan':
        for (const stage of event.plan.stages) planned.set(stage.id, stage);
        return;
      case 'planned':
        planned.set(event.id, event.planned);
        return;
      case 'start': {
        const stage = planned.get(event.id);
        if (stage) logs.set(event.id, openEventLog(root, { ...stage, key: event.key }));
        return;
      }
      case 'progress': {
        const log = logs.get(event.id);
        const { step, rows = [], loss, watched, imagesPerSecond } = event.progress;
        const speed = { ...(imagesPerSecond && { images_per_second: imagesPerSecond }) };
        const told = { ...(loss === undefined ? {} : { loss }), ...watched, ...speed };
        log?.rows(rows);
        if (step !== undefined && Object.keys(told).length > 0) log?.step(step, told);
        return;
      }
      case 'finish':
        finish(event.id, event.record);
        return;
      default:
        return;
    }
  };
}

function read(path: string, id: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = systemCode(error);
    if (code === undefined) throw error;
    throw new SspError('run-file-not-written', `history.json of ${id} cannot be read (${code})`, {
      help: 'run `ssp verify --repair`, then run again',
      cause: error,
    });
  }
}
