import { SspError } from '../../base/errors.js';
import { ask, type HttpRequest } from './http.js';
import { bytesContent, type Content, eachAtOnce, slicesOf } from './remote.js';

/** A file by its SHA-256. */
export interface LfsFile {
  readonly name: string;
  readonly content: Content;
}

type Request = (
  method: HttpRequest['method'],
  url: string,
  answers: readonly number[],
  more: Pick<HttpRequest, 'headers' | 'content'>,
) => Promise<Response>;

/** One request carries no more: the Hub keeps its files in S3. Bytes. */
const LARGEST_PUT = 5 * 2 ** 30;

const TYPE = 'application/vnd.git-lfs+json';

const json = (value: unknown) => ({
  content: bytesContent(Buffer.from(JSON.stringify(value))),
  headers: { accept: TYPE, 'content-type': TYPE },
});

/**
 * Uploads the files that the Hub has not by Git LFS: it says where each goes, by one request or, as it
 * does above 5 GB, in parts of a size that it names. `batch` is where it is asked, with `request`, which
 * has the token; where files go is asked without it. All answers are looked at before any file is sent.
 */
export async function uploadByLfs(
  remote: string,
  request: Request,
  batch: string,
  files: readonly LfsFile[],
): Promise<void> {
  const objects = files.map(({ name: oid, content }) => ({ oid, size: content.size }));
  const transfers = ['basic', 'multipart'];
  const asked = json({ operation: 'upload', transfers, hash_algo: 'sha256', objects });
  const said: unknown = await (await request('POST', batch, [200], asked)).json();
  const uploads = files.flatMap((file) => uploadOf(remote, file, said) ?? []);
  await eachAtOnce(uploads, async ({ name: oid, content, href, parts, verify }) => {
    if (parts) await sendParts(remote, { name: oid, content, href }, parts);
    else await put(remote, href, content);
    if (verify === undefined) return;
    await request('POST', verify, [200, 204], json({ oid, size: content.size }));
  });
}

async function put(remote: string, url: string, content: HttpRequest['content'] & object) {
  const answers = [200, 201, 204];
  const response = await ask(remote, { method: 'PUT', url, content, answers });
  await response.body?.cancel();
  return response.headers.get('etag');
}

interface Upload extends LfsFile {
  readonly href: string;
  readonly parts?: Parts | undefined;
  readonly verify?: string | undefined;
}

/** Where each part of a file goes, and how large all but the last are. Bytes. */
interface Parts {
  readonly size: number;
  readonly urls: readonly string[];
}

/** Sends one part after the other, then lets the Hub put them together. */
async function sendParts(remote: string, { name: oid, content, href }: Upload, parts: Parts) {
  const sent: { readonly partNumber: number; readonly etag: string }[] = [];
  for (const slice of slicesOf(content, parts.size)) {
    const etag = await put(remote, parts.urls[sent.length] ?? '', slice);
    if (etag === null) throw malformed(remote, oid, 'gives a part no ETag');
    sent.push({ partNumber: sent.length + 1, etag });
  }
  const whole = { method: 'POST', url: href, answers: [200, 201, 204] } as const;
  const response = await ask(remote, { ...whole, ...json({ oid, parts: sent }) });
  await response.body?.cancel();
}

/** Where a file is to be uploaded; undefined where there is nothing to do, as the Hub has it. */
function uploadOf(remote: string, file: LfsFile, said: unknown): Upload | undefined {
  const { objects = [] } = said as { objects?: LfsAnswer[] };
  const { actions, error } = objects.find(({ oid }) => oid === file.name) ?? {};
  if (error) throw malformed(remote, file.name, `does not take it: ${error.message}`);
  const { href, header = {} } = actions?.upload ?? {};
  if (href === undefined) return undefined;
  const verify = actions?.verify?.href;
  const { size } = file.content;
  if (header.chunk_size === undefined) {
    if (size <= LARGEST_PUT) return { ...file, href, verify };
    throw malformed(remote, file.name, `takes 5 GiB by one request, not ${size} bytes`);
  }
  const most = Number(header.chunk_size);
  const numbered = Object.entries(header).filter(([name]) => /^\d+$/.test(name));
  const urls = numbered.sort(([a], [b]) => Number(a) - Number(b)).map(([, url]) => url);
  if (!(most > 0) || urls.length !== Math.ceil(size / most)) {
    throw malformed(remote, file.name, `names ${urls.length} parts of ${most} for ${size} bytes`);
  }
  return { ...file, href, verify, parts: { size: most, urls } };
}

/** What a server answers of one file. */
interface LfsAnswer {
  readonly oid: string;
  readonly actions?: {
    readonly upload?: { readonly href: string; readonly header?: Record<string, string> };
    readonly verify?: { readonly href: string };
  };
  readonly error?: { readonly message: string };
}

const malformed = (remote: string, oid: string, what: string): SspError =>
  new SspError('remote-failed', `the remote ${remote} ${what} (of ${oid})`, {
    help: 'share this result through a folder or S3',
  });
