import { appendFileSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { systemCode } from '../base/errors.js';
import { type Event, endsWithStop, eventBytes } from '../base/files/event-file.js';
import { makeFolder } from '../base/files/make-folder.js';
import { writeFileWhole, writing } from '../base/write-file.js';
import type { History, StageResult } from '../execute/record.js';
import type { Training } from './history.js';
import type { Point } from './points.js';

/** The result whose numbers a folder of TensorBoard shows. */
export interface LoggedPoint {
  /** Name of the stage. */
  readonly name: string;
  readonly point: Point;
  readonly key: string;
}

type Rows = History['rows'];

/** Numbers of a training that goes on, as TensorBoard reads them. */
export interface EventLog {
  /** What was watched in epochs that have ended: each stands at its epoch. */
  readonly rows: (rows: Rows) => void;
  /** What a step told, so many steps after the start. */
  readonly step: (step: number, scalars: Readonly<Record<string, number>>) => void;
  /** The result is there: its rows, of which those that were not told are added. */
  readonly end: (rows: Rows) => void;
}

/**
 * The log of an attempt at a training, in a folder of its own within TensorBoard's. It takes the place of
 * what lay there when something is told first. Throws an SspError where it cannot be written.
 */
export function openEventLog(root: string, of: LoggedPoint, now = Date.now): EventLog {
  let path: string | undefined;
  let epochs = 0;
  let steps = 0;
  const write = (scalars: readonly Omit<Event, 'time'>[]): void => {
    const time = now() / 1000;
    const events = scalars.map((event) => ({ time, ...event }));
    const file = path;
    if (file === undefined) path = begun(root, of, time, events);
    else writing(file, () => appendFileSync(file, eventBytes(events)));
  };
  const rows = (given: Rows): void => {
    const left = given
      .map(({ epoch, ...scalars }, i) => ({ epoch: epoch ?? i + 1, scalars }))
      .filter(({ epoch }) => epoch > epochs);
    if (left.length === 0) return;
    write(left.map(({ epoch, scalars }) => ({ step: epoch, what: { kind: 'scalars', scalars } })));
    epochs = Math.max(...left.map(({ epoch }) => epoch));
  };
  return {
    rows,
    step: (step, scalars) => {
      if (step <= steps) return;
      steps = step;
      const tagged = Object.entries(scalars).map(([name, value]) => [`steps/${name}`, value]);
      write([{ step, what: { kind: 'scalars', scalars: Object.fromEntries(tagged) } }]);
    },
    end: (given) => {
      rows(given);
      write([{ step: 0, what: { kind: 'stop' } }]);
    },
  };
}

/** Writes the logs of trainings whose results are there; says how many there are. */
export function writeEventLogs(root: string, trainings: readonly Training[]): number {
  const runs = trainings.flatMap((training) => training.runs);
  for (const { outcome, history } of runs) {
    const { planned, record } = outcome;
    if (record) writeEventLog(root, { ...planned, ...record }, history.rows);
  }
  return runs.length;
}

/**
 * Writes the log of a training that has ended, unless its whole log lies there: that of a run, which knows
 * when each epoch was and how fast it went. All that is written here stands at the end of the work.
 */
export function writeEventLog(
  root: string,
  of: LoggedPoint & Pick<StageResult, 'finishedAt'>,
  rows: Rows,
): void {
  const folder = folderOf(root, of);
  const whole = logsIn(folder).find(
    (name) => name.includes(of.key.slice(0, 12)) && endsWithStop(readFileSync(join(folder, name))),
  );
  if (whole !== undefined) return;
  openEventLog(root, of, () => (of.finishedAt === undefined ? 0 : Date.parse(of.finishedAt))).end(
    rows,
  );
}

/** The folder of a point: one level for the stage, one for each axis. */
const folderOf = (root: string, { name, point }: LoggedPoint): string =>
  join(
    root,
    fileName(name),
    ...Object.entries(point)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([axis, label]) => fileName(`${axis}=${label}`)),
  );

/** A text as the name of a file: what a file system may not take is written by its code. */
const fileName = (text: string): string =>
  text.replace(
    /[\p{Cc}/\\:*?"<>|%]|^\./gu,
    (c) => `%${c.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );

/** Begins the log of a point, alone in its folder: what it said before does not hold any more. */
function begun(root: string, of: LoggedPoint, time: number, events: readonly Event[]): string {
  const folder = folderOf(root, of);
  const seconds = String(Math.floor(time)).padStart(10, '0');
  const path = join(folder, `events.out.tfevents.${seconds}.${of.key.slice(0, 12)}.ssp`);
  const head: Event[] = [
    { time, step: 0, what: { kind: 'version' } },
    // A TensorBoard that has read the log before forgets it.
    { time, step: 0, what: { kind: 'start' } },
  ];
  writing(path, () => {
    makeFolder(folder);
    for (const name of logsIn(folder)) rmSync(join(folder, name), { force: true });
    writeFileWhole(path, [eventBytes([...head, ...events])]);
  });
  return path;
}

/** The logs in a folder that were written here, not by others. */
function logsIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) =>
      /^events\.out\.tfevents\.\d{10}\.[0-9a-f]{12}\.ssp$/.test(name),
    );
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    return [];
  }
}
