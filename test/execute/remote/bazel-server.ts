import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

/** What a message refers to, read by other code than that which wrote it: a recursive walk of its fields. */
function digestsIn(message: Buffer): readonly { hash: string; size: number }[] {
  return fieldsOf(message)
    .filter(({ field }) => field === 2)
    .map(({ value }) => {
      const file = fieldsOf(value as Buffer);
      const path = file.find(({ field }) => field === 1)?.value;
      if (!Buffer.isBuffer(path) || path.length === 0 || path[0] === 0x2f)
        throw new Error('no path');
      const digest = fieldsOf(file.find(({ field }) => field === 2)?.value as Buffer);
      const hash = String(digest.find(({ field }) => field === 1)?.value);
      if (!/^[0-9a-f]{64}$/.test(hash)) throw new Error('no SHA-256');
      return { hash, size: Number(digest.find(({ field }) => field === 2)?.value ?? 0) };
    });
}

function fieldsOf(message: Buffer): { field: number; value: bigint | Buffer }[] {
  const [tag, behind] = varint(message, 0);
  if (message.length === 0) return [];
  const [number, after] = varint(message, behind);
  if ((tag & 7n) === 0n) {
    return [{ field: Number(tag >> 3n), value: number }, ...fieldsOf(message.subarray(after))];
  }
  if ((tag & 7n) !== 2n) throw new Error(`wire type ${tag & 7n}`);
  const end = after + Number(number);
  if (end > message.length) throw new Error('cut off');
  const value = message.subarray(after, end);
  return [{ field: Number(tag >> 3n), value }, ...fieldsOf(message.subarray(end))];
}

function varint(message: Buffer, at: number): [bigint, number] {
  if (message.length === 0) return [0n, 0];
  const byte = message[at];
  if (byte === undefined) throw new Error('cut off');
  if (byte < 128) return [BigInt(byte), at + 1];
  const [rest, end] = varint(message, at + 1);
  return [BigInt(byte & 127) + (rest << 7n), end];
}

/**
 * A server of Bazel's HTTP cache protocol that is as strict as bazel-remote with its defaults: content
 * has to be of its SHA-256; what is put under `/ac` has to be an `ActionResult`, and is found only while
 * all content that it names is there.
 */
export async function bazelServer() {
  const content = new Map<string, Buffer>();
  const requests: string[] = [];
  /** Statuses that the next requests get, whatever they ask for. */
  const failures: number[] = [];
  const server: Server = createServer(async (request, response) => {
    const { method = '', url = '' } = request;
    requests.push(`${method} ${url}`);
    const body = await buffer(request);
    const end = (status: number, bytes: Buffer | string = '') =>
      response
        .writeHead(status, { 'content-length': String(bytes.length) })
        .end(method === 'HEAD' ? '' : bytes);
    const failure = failures.shift();
    if (failure) return end(failure, 'not now');
    const [, part, name = ''] = /^\/cache\/(cas|ac)\/([0-9a-f]{64})$/.exec(url) ?? [];
    if (part === undefined) return end(400, `${url} is no resource`);
    const isWhole = (message: Buffer) =>
      digestsIn(message).every(({ hash, size }) => content.get(`cas/${hash}`)?.length === size);
    if (method === 'PUT') {
      if (part === 'cas' && createHash('sha256').update(body).digest('hex') !== name) {
        return end(400, 'the content is not of its name');
      }
      try {
        if (part === 'ac') digestsIn(body);
      } catch (error) {
        return end(400, `no ActionResult: ${error}`);
      }
      content.set(`${part}/${name}`, body);
      return end(200);
    }
    const found = content.get(`${part}/${name}`);
    if (found === undefined || (part === 'ac' && !isWhole(found))) return end(404, 'not found');
    return end(200, found);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/cache`, content, requests, failures };
}
