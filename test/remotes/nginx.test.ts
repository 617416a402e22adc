import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'vitest';
import { bazelRemote } from '../../src/execute/remote/bazel-remote.js';
import { folder } from '../execute/lab.js';
import { checkRemote } from '../execute/remote/contract.js';
import { freePort, served } from './server.js';

/** nginx with its module for WebDAV, as the documentation of Bazel sets up a cache. */
it('shares results by nginx', async () => {
  const at = folder();
  const port = await freePort();
  for (const name of ['cache', 'temp']) mkdirSync(join(at, name), { mode: 0o777 });
  const config = join(at, 'nginx.conf');
  writeFileSync(
    config,
    `daemon off; pid ${at}/pid; error_log stderr warn; user ${process.getuid?.() === 0 ? 'root' : 'nobody'};
events {}
http {
  access_log off; client_body_temp_path ${at}/temp; client_max_body_size 0;
  server {
    listen 127.0.0.1:${port};
    root ${at}/cache;
    location / { dav_methods PUT; create_full_put_path on; dav_access user:rw group:rw all:r; }
  }
}
`,
  );
  await served('nginx', ['-c', config, '-p', at], port);
  const url = `http://127.0.0.1:${port}/lab`;
  await checkRemote(bazelRemote(url), async () => bazelRemote(url));
});
