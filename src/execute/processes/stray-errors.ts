import { SspError } from '../../base/errors.js';

/**
 * Does what code of the user may do: fails also with what is thrown outside of its promise (in a
 * timer, in a promise that nobody waits for), and when its promise stays open although nothing is
 * left that could settle it. What is thrown after its end is nothing to the result, which is there.
 */
export function withStrayErrors<T>(work: () => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    process.on('uncaughtException', reject);
    const endless = () =>
      reject(
        new SspError('never-ends', 'its promise is never settled', {
          help: 'nothing is left that it could wait for: see that every way through it resolves or throws',
        }),
      );
    process.on('beforeExit', endless);
    work()
      .then(resolve, reject)
      .finally(() => process.off('beforeExit', endless));
  });
}
