import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { SspError } from '../../base/errors.js';
import { shellWord } from '../../base/shell-word.js';
import { isDigest } from '../store/stored-form.js';
import {
  type Content,
  LONGEST_ENTRY,
  type Part,
  type Remote,
  streamOf,
  wholeOf,
} from './remote.js';

/** Sessions of one connection: sshd allows ten unless it is told otherwise. */
const SESSIONS = 8;

/** What the other side does for a request, in POSIX shell: `$1` folder, `$2` part, `$3` name, `$4` bytes. */
const FILE = 'cd "$1" || exit 8; d=$2/$(printf %.2s "$3"); f=$d/$3; ';
const HAS = `${FILE} [ -f "$f" ] && echo yes || echo no`;
const GET = `${FILE} [ -f "$f" ] || exit 0; echo; cat "$f"`;
/** Received under a temporary name, which has to have its size. */
const RECEIVED = `${FILE} mkdir -p tmp "$d" && t=tmp/put.$$ && cat > "$t" || exit 7
[ "$(($(wc -c < "$t")))" = "$4" ] && chmod a-w "$t" && { sync "$t" 2>/dev/null || sync; } || { rm -f "$t"; exit 7; }`;
/** A link is whole and replaces nothing. */
const PUT = `${RECEIVED}
if ln "$t" "$f" 2>/dev/null; then echo yes; elif [ -f "$f" ]; then echo no; fi; rm -f "$t"`;
const REPLACE = `${RECEIVED}
mv -f "$t" "$f" || { rm -f "$t"; exit 7; }`;
const LIST = 'cd "$1" || exit 8; [ -d "$2" ] || exit 0; find "$2" -type f | sed "s,.*/,,"';

/**
 * A folder of another machine over ssh: what lies there is as in a folder that is mounted. Requests
 * share one connection, which OpenSSH keeps for a minute; keys, hosts and names are those of its
 * configuration.
 */
export function sshRemote(address: string): Remote {
  const url = new URL(address);
  const folder = decodeURIComponent(url.pathname);
  if (url.hostname === '' || folder.length < 2) {
    throw new SspError('no-remote', `the remote ${address} names no folder of a machine`, {
      help: 'write ssh://HOST/PATH, or ssh://USER@HOST:PORT/PATH',
    });
  }
  const to = [
    ...['-o', 'BatchMode=yes', '-o', 'ControlMaster=auto', '-o', 'ControlPersist=60'],
    ...['-o', `ControlPath=${join(mkdtempSync(join(tmpdir(), 'ssp-ssh-')), '%C')}`],
    ...(url.port === '' ? [] : ['-p', url.port]),
    ...(url.username === '' ? [] : ['-l', decodeURIComponent(url.username)]),
    '--',
    url.hostname,
  ];
  const inTurn = turns(SESSIONS);
  const request = (script: string, ...words: readonly string[]): Session =>
    sessionOf(address, [
      ...to,
      ['sh', '-c', script, 'ssp', folder, ...words].map(shellWord).join(' '),
    ]);
  const answer = async (session: Session): Promise<string> => {
    const said = (await wholeOf(session.child.stdout, 16 * LONGEST_ENTRY))?.toString() ?? '';
    await session.ended;
    return said.trim();
  };
  const has = (part: Part, name: string): Promise<boolean> =>
    inTurn(async () => (await answer(request(HAS, part, name))) === 'yes');
  const send = (script: string, part: Part, name: string, content: Content): Promise<string> =>
    inTurn(async () => {
      const session = request(script, part, name, String(content.size));
      // Where the other side has ended, that is what is told.
      await pipeline(streamOf(content), session.child.stdin).catch(() => {});
      return answer(session);
    });
  return {
    name: address,
    at: (part, name) => `${address.replace(/\/+$/, '')}/${part}/${name.slice(0, 2)}/${name}`,
    id: `ssh ${url.href}`,
    has,
    get: (part, name) =>
      new Promise((resolve, reject) => {
        inTurn(async () => {
          const content = await contentAt(request(GET, part, name));
          resolve(content);
          // The turn ends when it is read, or nobody wants more of it.
          if (content) await once(content, 'close');
        }).catch(reject);
      }),
    putIfAbsent: async (part, name, content) => {
      if (await has(part, name)) return false;
      return (await send(PUT, part, name, content)) === 'yes';
    },
    replace: async (part, name, content) => {
      await send(REPLACE, part, name, content);
    },
    list: (part) =>
      inTurn(async () => (await answer(request(LIST, part))).split('\n').filter(isDigest)),
  };
}

interface Session {
  readonly child: ChildProcessByStdio<Writable, Readable, Readable>;
  /** @throws SspError `remote-failed` with what ssh or the other side said. */
  readonly ended: Promise<void>;
}

function sessionOf(address: string, words: readonly string[]): Session {
  const child = spawn('ssh', words, { stdio: ['pipe', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk) => {
    said = (said + chunk).slice(-500);
  });
  child.stdin.on('error', () => {});
  const ended = once(child, 'close').then(
    ([code]) => {
      if (code !== 0) throw failed(address, said.trim() || `ended with ${code}`);
    },
    (error: unknown) => {
      throw failed(address, error instanceof Error ? error.message : String(error));
    },
  );
  // It is waited for where it is of interest.
  ended.catch(() => {});
  return { child, ended };
}

const failed = (address: string, said: string): SspError =>
  new SspError('remote-failed', `the remote ${address}: ${said}`, {
    help: 'see that `ssh` reaches it without a password, and that its folder is there',
  });

/** The content behind the line that says that there is some. */
async function contentAt({ child, ended }: Session): Promise<Readable | undefined> {
  child.stdin.end();
  const { stdout } = child;
  await Promise.race([once(stdout, 'readable'), once(stdout, 'end')]);
  if (stdout.read(1) === null) {
    await ended;
    return undefined;
  }
  return stdout;
}

/** Lets so many work at once; others wait. */
function turns(most: number): <T>(act: () => Promise<T>) => Promise<T> {
  let free = most;
  const waiting: (() => void)[] = [];
  return async (act) => {
    if (free === 0) await new Promise<void>((resolve) => waiting.push(resolve));
    else free -= 1;
    try {
      return await act();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}
