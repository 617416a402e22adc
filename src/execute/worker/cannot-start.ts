import type { SpawnOptions } from 'node:child_process';
import { closeSync, openSync, readSync } from 'node:fs';
import { resolve } from 'node:path';
import { systemCode } from '../../base/errors.js';
import { statAt } from '../store/entry.js';

/** Why a program failed. */
export type Why = readonly [code: string, message: string, help?: string | undefined];

/** Why a program cannot be started in a folder. */
export function cannotStart(program: string, folder: SpawnOptions['cwd'], error: unknown): Why {
  const code = systemCode(error) ?? '';
  const place = `\`${program}\` cannot be started in ${folder}`;
  const path = resolve(String(folder ?? ''), program);
  const found = program.includes('/') ? statAt(path) : undefined;
  if (code === 'ENOENT' && found) {
    const line = JSON.stringify(firstLine(path));
    return [
      'command-failed',
      `${place}: the program that its first line names is not there: ${line}`,
      'name it as it is on this machine, in a file whose lines end without \\r',
    ];
  }
  if (code === 'ENOENT') return ['command-failed', `${place}: there is no such program`];
  if (code === 'EACCES' && found?.isDirectory()) {
    return ['command-failed', `${place}: it is a folder`];
  }
  if (code === 'EACCES') {
    return [
      'command-failed',
      `${place}: it may not be executed`,
      `\`chmod +x\` lets it be, or name what runs it, as in \`sh ${program}\``,
    ];
  }
  if (code === 'E2BIG') {
    return [
      'command-failed',
      `${place}: its arguments and the environment are longer than this system takes`,
      'pass fewer parameters as words: a Path to a file can hold the rest',
    ];
  }
  const passing = ['EAGAIN', 'ENOMEM', 'EMFILE', 'ENFILE', 'EIO', 'ESTALE', 'ETXTBSY'];
  const said = error instanceof Error ? error.message : String(error);
  return [passing.includes(code) ? 'machine' : 'command-failed', `${place}: ${said}`];
}

/** The first line of a file, as far as it can be read. */
function firstLine(path: string): string {
  try {
    const file = openSync(path, 'r');
    try {
      const buffer = Buffer.alloc(200);
      return buffer.toString('utf8', 0, readSync(file, buffer)).split('\n')[0] ?? '';
    } finally {
      closeSync(file);
    }
  } catch {
    return '';
  }
}
