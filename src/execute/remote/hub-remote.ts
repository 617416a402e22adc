import { SspError } from '../../base/errors.js';
import { isDigest } from '../store/stored-form.js';
import { ask, contentOfAnswer, type HttpRequest } from './http.js';
import { uploadByLfs } from './hub-lfs.js';
import { bytesContent, type Content, type Part, type Remote, streamOf, wholeOf } from './remote.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** Files of one commit. */
const COMMIT = 500;
/** An entry is larger only with the history of a long training; the Hub takes so much in a commit. Bytes. */
const LARGEST_ENTRY = 10 * 2 ** 20;

interface Queued {
  readonly part: Part;
  readonly name: string;
  readonly content: Content;
}

/**
 * A repository of the Hugging Face Hub, for publishing: `cas/ab/SHA256`, by Git LFS, whose names of
 * content these are, and `ac/ab/KEY`. What is put is uploaded at the end, and appears by commits, content
 * in earlier ones than entries. HF_TOKEN allows writing, HF_ENDPOINT names another Hub.
 */
export function hubRemote(address: string, env: Environment): Remote {
  const [, kind = '', owner, name] =
    /^hf:\/\/(datasets\/)?([\w.-]+)\/([\w.-]+)\/?$/.exec(address) ?? [];
  if (owner === undefined || name === undefined) {
    throw new SspError('no-remote', `the remote ${address} names no repository of the Hub`, {
      help: 'write hf://datasets/OWNER/NAME, or hf://OWNER/NAME for a repository of models',
    });
  }
  const hub = (env.HF_ENDPOINT || 'https://huggingface.co').replace(/\/+$/, '');
  const repository = `${hub}/${kind}${owner}/${name}`;
  const api = `${hub}/api/${kind || 'models/'}${owner}/${name}`;
  const token = env.HF_TOKEN ? { authorization: `Bearer ${env.HF_TOKEN}` } : {};
  const queue = new Map<string, Queued>();

  const request = async (
    method: HttpRequest['method'],
    url: string,
    answers: readonly number[],
    more: Pick<HttpRequest, 'headers' | 'content'> = {},
  ): Promise<Response> => {
    const headers = { ...token, ...more.headers };
    const response = await ask(address, { ...more, method, url, answers, headers });
    if (response.headers.get('x-error-code') !== 'RepoNotFound') return response;
    throw new SspError('no-remote', `the remote ${address} is not there, or not for everybody`, {
      help: 'make the repository on the Hub, and set HF_TOKEN',
    });
  };
  const pathOf = (part: Part, digest: string): string => `${part}/${digest.slice(0, 2)}/${digest}`;
  const at = (part: Part, digest: string): string =>
    `${repository}/resolve/main/${pathOf(part, digest)}`;
  const has = async (part: Part, digest: string): Promise<boolean> =>
    queue.has(`${part}/${digest}`) ||
    (await request('HEAD', at(part, digest), [200, 404])).status === 200;

  const commit = async (files: readonly Queued[]): Promise<void> => {
    const lines: object[] = [
      { key: 'header', value: { summary: `Add ${files.length} files of ssp` } },
    ];
    for (const { part, name: oid, content } of files) {
      const path = pathOf(part, oid);
      lines.push(
        isLarge(part, content)
          ? { key: 'lfsFile', value: { path, algo: 'sha256', oid, size: content.size } }
          : { key: 'file', value: { path, encoding: 'base64', content: await base64Of(content) } },
      );
    }
    const text = `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`;
    const headers = { 'content-type': 'application/x-ndjson' };
    const content = bytesContent(Buffer.from(text));
    await (
      await request('POST', `${api}/commit/main`, [200, 201], { content, headers })
    ).body?.cancel();
  };

  const enqueue = (part: Part, name: string, content: Content): void => {
    if (part === 'ac' && content.size > LARGEST_ENTRY) throw tooLarge(address, name);
    queue.set(`${part}/${name}`, { part, name, content });
  };

  return {
    name: address,
    id: `hub ${repository}`,
    at: (part, digest) => `${address.replace(/\/+$/, '')}/${pathOf(part, digest)}`,
    has,
    get: async (part, digest) => {
      const response = await request('GET', at(part, digest), [200, 404]);
      if (response.status === 200) return contentOfAnswer(response);
      await response.body?.cancel();
      return undefined;
    },
    putIfAbsent: async (part, digest, content) => {
      if (await has(part, digest)) return false;
      enqueue(part, digest, content);
      return true;
    },
    // Git LFS keeps content of one name once, held against it when it came: a commit names it again.
    replace: async (part, digest, content) => enqueue(part, digest, content),
    list: async (part) => {
      const names: string[] = [];
      let next: string | undefined = `${api}/tree/main/${part}?recursive=true`;
      while (next !== undefined) {
        const response: Response = await request('GET', next, [200, 404]);
        if (response.status === 200) names.push(...namesIn(await response.json()));
        next = /<([^>]+)>;\s*rel="next"/.exec(response.headers.get('link') ?? '')?.[1];
      }
      return names;
    },
    close: async () => {
      const all = [...queue.values()];
      const large = all.filter(({ part, content }) => isLarge(part, content));
      const batch = `${repository}.git/info/lfs/objects/batch`;
      for (let n = 0; n < large.length; n += COMMIT) {
        await uploadByLfs(address, request, batch, large.slice(n, n + COMMIT));
      }
      const ordered = [
        ...all.filter(({ part }) => part === 'cas'),
        ...all.filter(({ part }) => part === 'ac'),
      ];
      for (let n = 0; n < ordered.length; n += COMMIT) await commit(ordered.slice(n, n + COMMIT));
      queue.clear();
    },
  };
}

/** Content lies in Git LFS; it has no files of no bytes. */
const isLarge = (part: Part, content: Content): boolean => part === 'cas' && content.size > 0;

async function base64Of(content: Content): Promise<string> {
  return (await wholeOf(streamOf(content), content.size))?.toString('base64') ?? '';
}

function namesIn(tree: unknown): readonly string[] {
  if (!Array.isArray(tree)) return [];
  const names = tree.map((entry) =>
    String(entry?.path ?? '')
      .split('/')
      .at(-1),
  );
  return names.filter(isDigest);
}

const tooLarge = (address: string, key: string): SspError =>
  new SspError('remote-failed', `the entry ${key} is too large for ${address}: more than 10 MiB`, {
    help: 'share it through a folder, a server of Bazel or S3',
  });
