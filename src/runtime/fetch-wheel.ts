import { mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { SspError } from '../base/errors.js';
import type { Environment } from './environment.js';
import type { Tool } from './find-tools.js';
import type { Wheel } from './recipe.js';
import { lastLine, runTool } from './run-tool.js';

/** Puts a wheel into `folder` (empty) and returns its path. */
export type FetchWheel = (request: {
  readonly wheel: Wheel;
  readonly python: Tool;
  readonly folder: string;
  readonly env: Environment;
  readonly onBytes: (bytes: number) => void;
  readonly signal?: AbortSignal | undefined;
}) => Promise<string>;

/**
 * Downloads the wheel with pip, so that the user's index, proxy and certificates are respected.
 * @throws SspError `setup-no-network`, `setup-no-wheel`, `setup-no-space`.
 */
export const fetchWheelWithPip: FetchWheel = async (request) => {
  const { python, folder, env, onBytes, signal } = request;
  const { requirement, file, tags } = request.wheel;
  const temporary = join(folder, 'tmp');
  await mkdir(temporary, { recursive: true });
  const [command, ...before] = python.command;
  const watch = setInterval(() => {
    bytesBelow(folder).then(onBytes, () => {});
  }, 250);
  try {
    const result = await runTool(
      command,
      [
        ...before,
        ...['-m', 'pip', 'download', '--no-deps', '--only-binary=:all:', '--no-input'],
        ...['--python-version', tags.python, '--implementation', 'cp', '--abi', tags.abi],
        ...['--platform', tags.platform, '--progress-bar', 'off', '--disable-pip-version-check'],
        // No copy in pip's own cache: the wheel is used once and is large.
        ...['--no-cache-dir', '--dest', folder, requirement],
      ],
      // pip downloads into TMPDIR first, and /tmp is often small. A setting that confines pip to
      // virtual environments is about installing; nothing is installed here.
      { env: { ...env, TMPDIR: temporary, PIP_REQUIRE_VIRTUALENV: '0' }, signal },
    );
    if (result.code !== 0) throw pipError(request, result.stderr);
  } finally {
    clearInterval(watch);
  }
  if ((await readdir(folder)).includes(file)) return join(folder, file);
  throw new SspError('setup-no-wheel', `pip downloaded ${requirement}, but not ${file}`, {
    help: byHand(request),
  });
};

function pipError(request: Parameters<FetchWheel>[0], stderr: string): SspError {
  const { requirement } = request.wheel;
  const cause = new Error(stderr);
  const last = lastLine(stderr);
  if (/No space left|Disk quota exceeded/i.test(stderr)) {
    return new SspError(
      'setup-no-space',
      `the disk became full while downloading ${requirement} to ${request.folder}`,
      { help: 'free some space, or set SSP_CACHE to a folder on another disk', cause },
    );
  }
  const network =
    /NewConnectionError|name resolution|ConnectTimeout|Read timed out|ReadTimeout|ProxyError|SSLError|Max retries|Connection (refused|reset|aborted|broken)|Retrying \(|Network is unreachable/i;
  if (network.test(stderr)) {
    return new SspError(
      'setup-no-network',
      `pip could not reach its package index to download ${requirement}: ${networkReason(stderr)}`,
      {
        help: `check the network, the proxy (HTTPS_PROXY) and pip's index (pip config list); ${byHand(request)}`,
        cause,
      },
    );
  }
  return new SspError('setup-no-wheel', `pip could not download ${requirement}: ${last}`, {
    help: `check pip's index (pip config list); ${byHand(request)}`,
    cause,
  });
}

/** The system's words for what failed; pip's last line only says that it found nothing. */
function networkReason(stderr: string): string {
  return (
    /\[Errno -?\d+\] ([^'")]+)/.exec(stderr)?.[1] ??
    /certificate verify failed|timed out|Tunnel connection failed[^'")]*/i.exec(stderr)?.[0] ??
    lastLine(stderr)
  );
}

function byHand({ wheel }: Parameters<FetchWheel>[0]): string {
  return `or download ${wheel.file} on another machine and run again with PIP_FIND_LINKS=its-folder`;
}

async function bytesBelow(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const sizes = entries
    .filter((entry) => entry.isFile())
    .map(async (entry) => (await stat(join(entry.parentPath, entry.name))).size);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
