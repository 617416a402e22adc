import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { SspError } from '../../../src/base/errors.js';
import type { Content, Part, Remote } from '../../../src/execute/remote/remote.js';

export const bytesOf = (content: Content): Buffer =>
  'path' in content ? readFileSync(content.path) : content.bytes;

/** A remote in memory, which counts what it is asked. */
export function memoryRemote({ listing = true } = {}) {
  const entries = new Map<string, Buffer>();
  const count = { requests: 0, bytes: 0 };
  const named = (part: Part, name: string) => `${part}/${name}`;
  const asked = <T>(value: T): Promise<T> => {
    count.requests += 1;
    return Promise.resolve(value);
  };
  const remote: Remote = {
    name: 'memory',
    id: 'memory',
    at: named,
    has: (part, name) => asked(entries.has(named(part, name))),
    get: (part, name) => {
      const found = entries.get(named(part, name));
      return asked(found && Readable.from([found]));
    },
    putIfAbsent: (part, name, content) => {
      const isNew = !entries.has(named(part, name));
      const bytes = bytesOf(content);
      if (isNew) entries.set(named(part, name), bytes);
      count.bytes += bytes.length;
      return asked(isNew);
    },
    replace: async (part, name, content) => {
      entries.set(named(part, name), bytesOf(content));
      await asked(undefined);
    },
    list: (part) =>
      asked(
        listing
          ? [...entries.keys()].flatMap((name) =>
              name.startsWith(part) ? name.slice(part.length + 1) : [],
            )
          : undefined,
      ),
  };
  return { remote, entries, count };
}

/** How a call ends that does not: before anything was done, or after. */
export type Fault = 'before' | 'after';

/** A remote whose n-th call (from 1) fails, and every one after it: the machine or the network is gone. */
export function failingAt(
  remote: Remote,
  at: number,
  fault: Fault,
): { remote: Remote; calls: () => number } {
  let calls = 0;
  const failure = () => new SspError('remote-failed', `${remote.name} does not answer`);
  const faulty =
    <A extends unknown[], R>(act: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      calls += 1;
      const mine = calls;
      if (mine > at || (mine === at && fault === 'before')) throw failure();
      const result = await act(...args);
      if (mine === at) throw failure();
      return result;
    };
  return {
    calls: () => calls,
    remote: {
      ...remote,
      has: faulty(remote.has),
      get: faulty(remote.get),
      putIfAbsent: faulty(remote.putIfAbsent),
      replace: faulty(remote.replace),
      list: faulty(remote.list),
    },
  };
}
