import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { ownCode } from '../../base/own-code.js';
import { plainText } from '../../base/plain-text.js';
import { masked } from '../../base/secret.js';
import { isLogHead, isNote } from '../../execute/log-head.js';
import type { StageOutcome } from '../../execute/record.js';
import type { Store } from '../../execute/store/store.js';
import type { Io } from '../io.js';

/** How many failed points are named at the end. */
const NAMED = 20;
/** How many are shown, and how much of the log of each. */
const SHOWN = 5;
const LINES = 5;
const BYTES = 4096;

/** `failed: a, b, c and 97 more`. */
export const failedText = (ids: readonly string[]): string =>
  ids.length > NAMED
    ? `${ids.slice(0, NAMED).join(', ')} and ${ids.length - NAMED} more`
    : ids.join(', ');

/**
 * The points that failed, each with the line of the file that declares it and the end of its log, and
 * why it failed where that does not say it; those of one line with the same to say stand together.
 */
export function failuresText(io: Io, failed: readonly StageOutcome[], store: Store): string {
  const groups = new Map<string, string[]>();
  for (const { planned, failure } of failed) {
    const { id, at, key } = planned;
    const log = key === undefined ? '' : endOfLog(store.logPath(key));
    const names = Object.values((key && store.task(key)?.secrets) || {});
    const said = linesOf(
      masked(
        log,
        names.flatMap((name) => io.env[name] ?? []),
      ),
    );
    const why = reasonOf(failure?.message.replaceAll(`\`${id}\``, 'it') ?? '', said);
    const below = [...why.map((line) => `    ${line}`), ...said.map((line) => `    | ${line}`)];
    const text = [`  ${at.file}:${at.line}`, ...below].join('\n');
    const group = groups.get(text);
    if (group) group.push(id);
    else groups.set(text, [id]);
  }
  const all = [...groups];
  const shown = all.slice(0, SHOWN).map(([text, [first, ...others]]) => {
    return `  ${first}${others.length > 0 ? ` and ${others.length} more` : ''}${text}`;
  });
  const more = all.slice(SHOWN).reduce((n, [, ids]) => n + ids.length, 0);
  return [...shown, ...(more > 0 ? [`  and ${more} more`] : [])].join('\n');
}

/** Why it failed, where its last lines do not say it: a program that has ended by itself has given its reason. */
function reasonOf(message: string, said: readonly string[]): readonly string[] {
  if (said.length === 0) return message.split('\n').slice(0, LINES);
  const first = (message.split('\n')[0] ?? '').replace(/; it said last:$/, '');
  const isSaid = said.some((line) => line.includes(first));
  return isSaid || /ended with exit code \d+$/.test(first) ? [] : [first];
}

/** The last lines of what the last attempt has printed. */
function linesOf(log: string): readonly string[] {
  const lines = plainText(log).trimEnd().split('\n');
  const begun = lines.findLastIndex(isLogHead);
  const printed = lines.slice(begun + 1).filter((line) => !isNote(line) && !isFrame(line));
  return printed.every((line) => line.trim() === '') ? [] : printed.slice(-LINES);
}

/** A line of a stack trace that is in no file of the user's. */
const isFrame = (line: string): boolean =>
  /^\s+at .*:\d+:\d+\)?$/.test(line) && (line.includes(ownCode.href) || line.includes('node:'));

/** The end of a log; empty where there is none. */
function endOfLog(path: string): string {
  try {
    const file = openSync(path, 'r');
    try {
      const start = Math.max(0, fstatSync(file).size - BYTES);
      const buffer = Buffer.alloc(BYTES);
      return buffer.toString('utf8', 0, readSync(file, buffer, 0, BYTES, start));
    } finally {
      closeSync(file);
    }
  } catch {
    return '';
  }
}
