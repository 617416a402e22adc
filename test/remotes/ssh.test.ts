import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { folderRemote } from '../../src/execute/remote/folder-remote.js';
import { sshRemote } from '../../src/execute/remote/ssh-remote.js';
import { folder } from '../execute/lab.js';
import { checkRemote, sha256 } from '../execute/remote/contract.js';
import { freePort, served } from './server.js';

/** An sshd of Debian's openssh-server that lets this user in by a key, and an `ssh` that knows both. */
async function host() {
  const at = folder();
  const port = await freePort();
  for (const name of ['host', 'me']) {
    spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(at, name)]);
  }
  writeFileSync(join(at, 'authorized'), readFileSync(join(at, 'me.pub')));
  const config = [
    `HostKey ${at}/host`,
    `AuthorizedKeysFile ${at}/authorized`,
    `PidFile ${at}/pid`,
    'ListenAddress 127.0.0.1',
    `Port ${port}`,
    'StrictModes no',
    'UsePAM no',
    'PermitRootLogin yes',
  ];
  writeFileSync(join(at, 'sshd'), `${config.join('\n')}\n`);
  mkdirSync('/run/sshd', { recursive: true });
  await served('/usr/sbin/sshd', ['-D', '-e', '-f', join(at, 'sshd')], port);
  mkdirSync(join(at, 'bin'));
  const ssh = `exec /usr/bin/ssh -F none -i ${at}/me -o StrictHostKeyChecking=no -o UserKnownHostsFile=${at}/known -o LogLevel=ERROR "$@"`;
  writeFileSync(join(at, 'bin/ssh'), `#!/bin/sh\n${ssh}\n`);
  chmodSync(join(at, 'bin/ssh'), 0o755);
  process.env.PATH = `${join(at, 'bin')}:${process.env.PATH}`;
  return { at, port };
}

it('shares results through a folder over ssh', async () => {
  const { at, port } = await host();
  const root = join(at, "lab's results");
  mkdirSync(root);
  const address = `ssh://127.0.0.1:${port}${root.replaceAll(' ', '%20')}`;
  await checkRemote(
    sshRemote(address),
    async () => sshRemote(address),
    async (part, name, bytes) => {
      const path = folderRemote('here', root).at(part, name);
      rmSync(path);
      if (bytes) writeFileSync(path, bytes);
    },
  );
  // It is a folder as any: whoever sees it otherwise shares it.
  expect(await folderRemote('here', root).list('ac')).toHaveLength(61);
  const nowhere = sshRemote(`ssh://127.0.0.1:${port}/nowhere`);
  await expect(nowhere.has('ac', sha256(''))).rejects.toThrow(/nowhere.*(cd|not)/i);
  await expect(sshRemote('ssh://127.0.0.1:9/x').has('ac', sha256(''))).rejects.toThrow(/refused/i);
});
