import { inspect } from 'node:util';
import { SspError, systemCode } from '../../base/errors.js';
import { ownCode } from '../../base/own-code.js';
import { plainText } from '../../base/plain-text.js';
import type { WorkerMessage } from './worker-message.js';

/** What a worker says of the error that its work ended with. */
export function failureOf(error: unknown): Extract<WorkerMessage, { readonly kind: 'failed' }> {
  if (error instanceof SspError) {
    const { code, message, help } = error;
    return {
      kind: 'failed',
      code,
      message: plainText(message),
      ...(help === undefined ? {} : { help: plainText(help) }),
    };
  }
  const message = plainText(saidBy(error));
  const place = placeOf(error);
  return {
    kind: 'failed',
    code: codeOf(error, message),
    message,
    ...(place === undefined ? {} : { help: `it was thrown at ${plainText(place)}` }),
  };
}

/** An error as the log has it: with where it was thrown, unless it is one of the world. */
export function stackOf(error: unknown): string | undefined {
  if (error instanceof SspError) return undefined;
  return error instanceof Error ? (error.stack ?? error.message) : inspect(error);
}

/** What the binding to TensorFlow puts before what an op says. */
const ofTensorFlow = /^Invalid TF_Status: \d+\s+Message: /;

/** Of several errors that are one cause. */
const FEW = 3;

/** What an error says, with what caused it: `fetch failed: connect ECONNREFUSED`. */
function saidBy(error: unknown): string {
  if (!(error instanceof Error)) return typeof error === 'string' ? error : inspect(error);
  const own = error.message === '' ? error.name : error.message.replace(ofTensorFlow, '');
  const { cause } = error;
  const causes = error instanceof AggregateError ? error.errors.slice(0, FEW) : [cause];
  const why = causes
    .flatMap((one) => (one instanceof Error && one !== error ? [saidBy(one)] : []))
    .join('; ');
  return why === '' || own.includes(why) ? own : `${own}: ${why}`;
}

/** Where a module of the user threw it. */
function placeOf(error: unknown): string | undefined {
  const lines = error instanceof Error ? (error.stack ?? '').split('\n') : [];
  for (const line of lines) {
    const [, url = '', at = ''] = /\(?(file:\/\/[^)]+?)(:\d+:\d+)\)?$/.exec(line) ?? [];
    if (url !== '' && !url.startsWith(ownCode.href) && !url.includes('/node_modules/')) {
      return `${decodeURIComponent(new URL(url).pathname)}${at}`;
    }
  }
  return undefined;
}

/** Errors of the system that the next attempt may not meet. */
const passing: readonly string[] = ['EAGAIN', 'EMFILE', 'ENFILE', 'ENOMEM', 'EIO', 'ESTALE'];

function codeOf(error: unknown, message: string): string {
  if (/\bOOM when allocating|RESOURCE_EXHAUSTED|[Aa]rray buffer allocation failed/.test(message)) {
    return 'out-of-memory';
  }
  return passing.includes(systemCode(error) ?? '') ? 'machine' : 'stage-error';
}
