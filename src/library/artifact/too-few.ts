import { SspError } from '../../base/errors.js';

/** What is wrong where there are not enough things to train on for one batch; `things` are named in the plural. */
export function tooFew(things: string, count: number, batch: number): SspError {
  if (count < 2) {
    return new SspError(
      'too-few',
      `a training takes at least 2 ${things}, and there ${count === 1 ? 'is 1' : 'are none'}`,
      { help: `\`batch\` is 2 or more: give the training more ${things}.` },
    );
  }
  // Two steps an epoch, or more.
  const good = Math.max(2, 2 ** Math.floor(Math.log2(count / 2)));
  const others = count === 2 ? '' : ` or another number from 2 to ${count}`;
  return new SspError(
    'batch-too-large',
    `a batch is ${batch} ${things}, but there are only ${count}`,
    { help: `Give \`batch: ${good}\`${others}.` },
  );
}
