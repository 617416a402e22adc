import { request as ask, createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/**
 * How a request ends that does not: the connection breaks before it is passed on, in the middle of what
 * is sent, or when it is done and the answer would come; or it is refused.
 */
export type Fault = 'before' | 'middle' | 'after' | 'refused';

interface Plan {
  /** Which request fails, from 1. */
  readonly at?: number;
  readonly fault?: Fault;
  readonly always?: boolean;
  /** What is done before that request is passed on, where it is to fail no other way. */
  readonly meanwhile?: () => Promise<unknown>;
}

/**
 * Stands before a server. The n-th request fails, and with `always` every one after it is
 * refused, as when credentials run out; nothing is given up then, as when the sender is killed.
 */
export async function faultProxy(target: string, plan: Plan = {}) {
  const { at = 0, fault, always = false, meanwhile } = plan;
  const asked: string[] = [];
  const server = createServer(async (incoming, outgoing) => {
    asked.push(`${incoming.method} ${incoming.url}`);
    const mine = asked.length;
    const hit = mine === at;
    if ((hit && fault === 'refused') || (always && mine > at)) {
      incoming.resume();
      return void outgoing.writeHead(403).end('refused');
    }
    if (hit && fault === 'before') return void incoming.socket.destroy();
    if (hit && fault === 'middle') return cut(incoming, target);
    if (hit) await meanwhile?.();
    const { method, url, headers } = incoming;
    const passed = ask(target + url, { method, headers }, (answer) => {
      if (hit && fault === 'after') {
        answer.resume();
        return void incoming.socket.destroy();
      }
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(outgoing);
    });
    passed.on('error', () => incoming.socket.destroy());
    incoming.pipe(passed);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { endpoint: `http://127.0.0.1:${port}`, asked };
}

/** Passes half of a body on, then ends both connections. */
function cut(incoming: IncomingMessage, target: string): void {
  const { method, url, headers } = incoming;
  const passed = ask(target + url, { method, headers });
  passed.on('error', () => {});
  const half = Number(headers['content-length'] ?? 0) / 2;
  let size = 0;
  const end = () => {
    passed.destroy();
    incoming.socket.destroy();
  };
  incoming.on('end', end);
  incoming.on('data', (bytes: Buffer) => {
    size += bytes.length;
    if (size > half) return end();
    passed.write(bytes);
  });
}
