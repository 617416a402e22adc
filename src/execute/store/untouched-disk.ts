import { SspError } from '../../base/errors.js';
import type { Disk } from './disk.js';

const refuse = (path: string | Buffer): never => {
  throw new SspError('read-only', `${String(path)} is only read here`);
};

/**
 * The disk for a reader: whatever would change it is refused. A store on it finds what any other does,
 * and what is damaged stays where it lies.
 */
export const untouchedDisk: Disk = {
  mkdir: refuse,
  write: refuse,
  sync: refuse,
  syncMany: () => {},
  syncFolder: refuse,
  copy: refuse,
  copyNow: refuse,
  chmod: refuse,
  touch: () => {},
  rename: refuse,
  link: refuse,
  unlink: refuse,
  remove: () => {},
};
