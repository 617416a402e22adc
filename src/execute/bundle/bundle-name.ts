import { SspError } from '../../base/errors.js';

/** Has a path the ending of a bundle? */
export const isBundleName = (path: string): boolean =>
  /\.(sspb|html)$/i.test(path) && !path.includes('://');

export const noBundle = (path: string): SspError =>
  new SspError('no-remote', `there is no bundle ${path}`, {
    help: 'see that its name and folder are right; `ssp bundle FILE -o NAME.sspb` makes one',
  });
