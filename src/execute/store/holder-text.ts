import { plainText } from '../../base/plain-text.js';
import type { LockHolder } from './key-lock.js';

/** Who is at what another run waits for. */
export function holderText(holder: LockHolder | undefined): string {
  if (holder === undefined) return 'another run is at it';
  const { pid, host, since, isStopped } = holder;
  const when = since === undefined ? '' : `, since ${since}`;
  const stopped = isStopped ? `; it is stopped: \`kill -CONT ${pid}\` lets it go on` : '';
  return `process ${pid} of another run on ${plainText(host)} is at it${when}${stopped}`;
}
