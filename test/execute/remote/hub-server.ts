import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

/**
 * A server that speaks what the Hugging Face Hub does of one data set: files by `resolve`, with a
 * redirection for those in LFS, trees in pages, LFS's batches and commits. It is strict: a token is
 * needed to write, what is uploaded has to be of its SHA-256, and a commit may name only what is uploaded.
 * A file of more than `chunk` bytes goes in parts.
 */
export async function hubServer({ page = 20, chunk = Number.POSITIVE_INFINITY } = {}) {
  const large = new Map<string, Buffer>();
  const files = new Map<string, { oid: string } | { bytes: Buffer }>();
  const commits: number[] = [];
  const parts = new Map<string, Buffer>();
  const uploadOf = (own: string, oid: string, size: number) => {
    if (size <= chunk) return { href: `${own}/lfs/${oid}` };
    const numbers = Array.from({ length: Math.ceil(size / chunk) }, (_, n) => n + 1);
    const urls = numbers.map((n) => [String(n).padStart(5, '0'), `${own}/parts/${oid}/${n}`]);
    const header = { chunk_size: String(chunk), ...Object.fromEntries(urls) };
    return { href: `${own}/parts/${oid}`, header };
  };
  const server = createServer(async (request, response) => {
    const { method = '', url = '' } = request;
    const body = await buffer(request);
    const { port } = server.address() as AddressInfo;
    const own = `http://127.0.0.1:${port}`;
    const end = (
      status: number,
      bytes: Buffer | string = '',
      headers: Record<string, string> = {},
    ) =>
      response
        .writeHead(status, { 'content-length': Buffer.byteLength(bytes), ...headers })
        .end(method === 'HEAD' ? '' : bytes);
    const [, oid = ''] = /^\/lfs\/([0-9a-f]{64})$/.exec(url) ?? [];
    if (oid && method === 'PUT') {
      if (createHash('sha256').update(body).digest('hex') !== oid)
        return end(400, 'not of its name');
      large.set(oid, body);
      return end(200);
    }
    if (oid) return end(200, large.get(oid) ?? '');
    const [, whole = '', part] = /^\/parts\/([0-9a-f]{64})(?:\/(\d+))?$/.exec(url) ?? [];
    if (part) {
      if (body.length > chunk) return end(400, 'too large a part');
      parts.set(url, body);
      return end(200, '', { etag: `"${createHash('md5').update(body).digest('hex')}"` });
    }
    if (whole) {
      const named = JSON.parse(body.toString()) as {
        parts: { partNumber: number; etag: string }[];
      };
      const bytes = named.parts.map(({ partNumber, etag }, n) => {
        const found = parts.get(`/parts/${whole}/${partNumber}`) ?? Buffer.alloc(0);
        const tag = `"${createHash('md5').update(found).digest('hex')}"`;
        return partNumber === n + 1 && etag === tag ? found : Buffer.alloc(0);
      });
      const together = Buffer.concat(bytes);
      if (createHash('sha256').update(together).digest('hex') !== whole)
        return end(400, 'not of it');
      large.set(whole, together);
      return end(200);
    }
    if (!/^\/(api\/)?datasets\/lab\/study(\/|\.git\/|$)/.test(url)) {
      return end(404, 'no repository', { 'x-error-code': 'RepoNotFound' });
    }
    if (method === 'POST' && request.headers.authorization !== 'Bearer hf_token')
      return end(401, 'no token');
    const path = url.replace(/^.*?(\/resolve\/main\/|\/tree\/main\/|\/commit\/main|\.git\/)/, '');
    if (url.includes('/resolve/main/')) {
      const file = files.get(path);
      if (file === undefined) return end(404, 'no entry', { 'x-error-code': 'EntryNotFound' });
      return 'bytes' in file
        ? end(200, file.bytes)
        : end(302, '', { location: `${own}/lfs/${file.oid}` });
    }
    if (url.includes('/tree/main/')) {
      const { pathname, searchParams } = new URL(url, own);
      const part = pathname.split('/').at(-1);
      const all = [...files.keys()].filter((name) => name.startsWith(`${part}/`)).sort();
      if (all.length === 0) return end(404, 'no entry', { 'x-error-code': 'EntryNotFound' });
      const from = Number(searchParams.get('cursor') ?? 0);
      const more = from + page < all.length;
      const link = more
        ? { link: `<${own}${pathname}?recursive=true&cursor=${from + page}>; rel="next"` }
        : {};
      const folders = from === 0 ? [{ type: 'directory', path: `${part}/ab` }] : [];
      const entries = all.slice(from, from + page).map((name) => ({ type: 'file', path: name }));
      return end(200, JSON.stringify([...folders, ...entries]), link as Record<string, string>);
    }
    if (path === 'info/lfs/objects/batch') {
      const { objects } = JSON.parse(body.toString()) as {
        objects: { oid: string; size: number }[];
      };
      const answers = objects.map(({ oid: one, size }) => ({
        oid: one,
        size,
        ...(large.has(one) ? {} : { actions: { upload: uploadOf(own, one, size) } }),
      }));
      const transfer = objects.some(({ size }) => size > chunk) ? 'multipart' : 'basic';
      return end(200, JSON.stringify({ transfer, objects: answers }));
    }
    if (url.endsWith('/commit/main')) {
      const lines = body
        .toString()
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      const [header, ...changes] = lines;
      if (header.key !== 'header' || !header.value.summary) return end(400, 'no header');
      for (const { key, value } of changes) {
        if (key === 'lfsFile' && large.get(value.oid)?.length !== value.size)
          return end(400, 'not uploaded');
      }
      for (const { key, value } of changes) {
        files.set(
          value.path,
          key === 'lfsFile'
            ? { oid: value.oid }
            : { bytes: Buffer.from(value.content, value.encoding) },
        );
      }
      commits.push(changes.length);
      return end(200, '{}');
    }
    return end(400, url);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { env: { HF_ENDPOINT: `http://127.0.0.1:${port}`, HF_TOKEN: 'hf_token' }, commits, files };
}
