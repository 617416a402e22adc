import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { setTimeout as sleep } from 'node:timers/promises';
import { SspError } from '../../base/errors.js';
import { type Content, type Slice, streamOf } from './remote.js';

export interface HttpRequest {
  readonly method: 'HEAD' | 'GET' | 'PUT' | 'POST' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly content?: Content | Slice;
  /** What is an answer; any other is an error. */
  readonly answers: readonly number[];
}

/** How often what may pass by is tried, and the first pause, which doubles. Milliseconds. */
const TRIES = 4;
const PAUSE = 200;

/** What is only asked for has to be answered within so long; how long it then takes to come is open. Milliseconds. */
const ANSWER = 60_000;

/** 409 is what S3 says while somebody else puts the same name. */
const PASSING = [408, 409, 429, 500, 502, 503, 504];

/**
 * Asks a server of a remote. What may pass by (no connection, too many requests, an overloaded
 * server) is tried again. @throws SspError `remote-failed` that names the remote and what it said.
 */
export async function ask(remote: string, request: HttpRequest): Promise<Response> {
  for (let tried = 1; ; tried += 1) {
    const { response, problem, late } = await asked(request);
    if (response && request.answers.includes(response.status)) return response;
    const passing = response ? PASSING.includes(response.status) : !late;
    if (passing && tried < TRIES) {
      await response?.body?.cancel();
      await sleep(PAUSE * 2 ** (tried - 1));
      continue;
    }
    const said = response ? await sayingOf(response) : problem;
    throw new SspError('remote-failed', `the remote ${remote} ${said}`, {
      help: adviceOn(response?.status),
    });
  }
}

interface Asked {
  readonly response?: Response;
  readonly problem?: string;
  /** Nothing was heard for so long that it is not asked again. */
  readonly late?: true;
}

async function asked({ method, url, headers, content }: HttpRequest): Promise<Asked> {
  const sent = content && {
    // Two declarations of one class: Node's, and that of `fetch`.
    body: Readable.toWeb(streamOf(content)) as unknown as NonNullable<RequestInit['body']>,
    duplex: 'half' as const,
  };
  const length = content ? { 'content-length': String(content.size) } : {};
  const waiting = new AbortController();
  const timer = content ? undefined : setTimeout(() => waiting.abort(), ANSWER);
  const how = { method, headers: { ...headers, ...length }, ...sent, signal: waiting.signal };
  try {
    return { response: await fetch(url, how) };
  } catch (error) {
    if (waiting.signal.aborted) {
      return { problem: `does not answer within ${ANSWER / 1000} s`, late: true };
    }
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return {
      problem: `does not answer: ${cause instanceof Error ? cause.message : String(cause)}`,
    };
  } finally {
    clearTimeout(timer);
  }
}

async function sayingOf(response: Response): Promise<string> {
  const text = (await response.text().catch(() => '')).replaceAll(/<[^>]*>|\s+/g, ' ').trim();
  const said = text === '' ? '' : `: ${text.slice(0, 200)}`;
  return `answers ${response.status} ${response.statusText}${said}`;
}

function adviceOn(status: number | undefined): string {
  if (status === 401 || status === 403) return 'it wants other credentials than it was given';
  if (status === 405) return 'its server does not let anybody write: see docs/sharing.md';
  if (status === 413) return 'raise the largest size of a body that its server takes';
  return 'see that it runs and that this machine reaches it, and try again; nothing is lost';
}

/** The content of an answer. */
export const contentOfAnswer = (response: Response): Readable =>
  response.body === null
    ? Readable.from([])
    : Readable.fromWeb(response.body as ReadableStream<Uint8Array>);

/** An address without the name and password in it, and the header that carries these. */
export function credentialsOf(address: string): {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
} {
  const url = new URL(address);
  const { username, password } = url;
  url.username = '';
  url.password = '';
  const plain = url.href.replace(/\/+$/, '');
  if (username === '') return { url: plain, headers: {} };
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return {
    url: plain,
    headers: { authorization: `Basic ${Buffer.from(pair).toString('base64')}` },
  };
}
