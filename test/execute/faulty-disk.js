// A disk that dies or fills up at its n-th operation.
import { closeSync, existsSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { SspError } from '../../dist/base/errors.js';
import { nodeDisk } from '../../dist/execute/store/disk.js';

/** `at`: the operation (from 1); `how`: `kill` or `full`. Without `at` operations are counted. */
export function faultyDisk({ at, how, onCount }) {
  let n = 0;
  const faulty =
    (name) =>
    (...args) => {
      n += 1;
      onCount?.(n, name);
      if (n === at && how === 'kill') {
        // Half a file is what a kill in the middle of a write leaves.
        if (name === 'write' && existsSync(dirname(args[0]))) {
          const file = openSync(args[0], 'wx');
          writeSync(file, args[1].slice(0, args[1].length >> 1));
          closeSync(file);
        }
        process.kill(process.pid, 'SIGKILL');
      }
      if (at !== undefined && n >= at && how === 'full' && name === 'write') {
        throw new SspError('disk-full', `no space is left on the disk of ${args[0]}`);
      }
      return nodeDisk[name](...args);
    };
  return Object.fromEntries(Object.keys(nodeDisk).map((name) => [name, faulty(name)]));
}
