import { setFlagsFromString } from 'node:v8';

/**
 * Lets V8 wait longer before it optimises code. Most commands are over before that pays: on Node 20
 * it takes a third of the processor time of `ssp check` on a large file. Later releases wait longer
 * by themselves.
 */
export function optimiseLater(): void {
  if (Number.parseInt(process.versions.node, 10) < 22) {
    setFlagsFromString('--interrupt-budget=1000000');
  }
}
