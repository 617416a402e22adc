import { Readable } from 'node:stream';
import { invariant, SspError } from '../../base/errors.js';
import { actionResultOf, textOfActionResult } from './action-result.js';
import { readEntryText } from './entry-text.js';
import { ask, contentOfAnswer, credentialsOf, type HttpRequest } from './http.js';
import {
  bytesContent,
  type Content,
  LONGEST_ENTRY,
  type Part,
  type Remote,
  wholeOf,
} from './remote.js';

/**
 * A server of Bazel's HTTP cache protocol: GET, HEAD and PUT of `/cas/SHA256` and `/ac/KEY`, and no
 * listing. An entry is an `ActionResult`. The protocol cannot put only where nothing is: it is asked
 * before, and of two that put one key at once the later stays, which is as whole as the other.
 */
export function bazelRemote(address: string): Remote {
  const { url, headers } = credentialsOf(address);
  const at = (part: Part, name: string): string => `${url}/${part}/${name}`;
  const request = (
    method: HttpRequest['method'],
    to: string,
    answers: readonly number[],
    content?: Content,
  ): Promise<Response> =>
    ask(url, { method, url: to, headers, answers, ...(content ? { content } : {}) });
  /** Asks for what may be there. A login or a proxy has a page for whatever is asked. */
  const look = async (method: 'HEAD' | 'GET', part: Part, name: string): Promise<Response> => {
    const response = await request(method, at(part, name), [200, 404]);
    const type = response.headers.get('content-type') ?? '';
    if (response.status !== 200 || !type.startsWith('text/html')) return response;
    await response.body?.cancel();
    throw new SspError('remote-failed', `the remote ${url} answers with a page (${type})`, {
      help: 'a login or a proxy may stand before it: see what a browser shows there, and give a name and password in the address if it wants them',
    });
  };
  const has = async (part: Part, name: string): Promise<boolean> =>
    (await look('HEAD', part, name)).status === 200;
  const put = async (part: Part, name: string, content: Content): Promise<void> => {
    const sent = part === 'cas' ? content : messageOf(name, content);
    const response = await request('PUT', at(part, name), [200, 201, 202, 204], sent);
    await response.body?.cancel();
  };
  return {
    name: url,
    id: `bazel ${url}`,
    at,
    has,
    get: async (part, name) => {
      const response = await look('GET', part, name);
      if (response.status === 404) {
        await response.body?.cancel();
        return undefined;
      }
      const content = contentOfAnswer(response);
      return part === 'cas' ? content : Readable.from(entryIn(content));
    },
    putIfAbsent: async (part, name, content) => {
      if (await has(part, name)) return false;
      await put(part, name, content);
      return true;
    },
    replace: put,
    list: async () => undefined,
  };
}

/** The text of an entry; of what is none, what it is, which no entry is. */
async function* entryIn(content: Readable): AsyncGenerator<Buffer> {
  const message = await wholeOf(content, LONGEST_ENTRY);
  if (message) yield Buffer.from(textOfActionResult(message) ?? message);
}

function messageOf(key: string, content: Content): Content {
  invariant('bytes' in content, 'an entry is a text');
  const text = content.bytes.toString();
  const read = readEntryText(text, key);
  invariant('record' in read, `the entry ${key} is one`);
  return bytesContent(actionResultOf(read.record, text));
}
