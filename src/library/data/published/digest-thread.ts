// Started by check-published.ts: takes the digest of a file, and says how many bytes it has read meanwhile.
import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';

export interface DigestJob {
  readonly path: string;
  readonly algorithm: 'md5' | 'sha1';
}

const { path, algorithm } = workerData as DigestJob;
const hash = createHash(algorithm);
const bytes = Buffer.allocUnsafe(2 ** 20);
const file = openSync(path, 'r');
for (let read = readSync(file, bytes); read > 0; read = readSync(file, bytes)) {
  hash.update(bytes.subarray(0, read));
  parentPort?.postMessage(read);
}
closeSync(file);
parentPort?.postMessage(hash.digest('hex'));
