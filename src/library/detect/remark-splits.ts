import { remarkCopies } from '../artifact/copies.js';
import type { Images } from '../artifact/images.js';
import { type DetectContext, splitsLearnt } from './setting.js';

/** Remarks that a detector is tested on images that it learns from, or that `more` adds none. */
export function remarkSplits(images: Images, { params, remark }: DetectContext): void {
  const { train, more, test } = params;
  if (more === train) {
    remark(`\`train\` and \`more\` are the same split, \`${train}\`: it is learnt from once`);
  }
  for (const split of splitsLearnt(params)) {
    if (split !== test) remarkCopies(images, { train: split, test }, { remark });
    else {
      const parameter = split === train ? 'train' : 'more';
      remark(
        `\`${parameter}\` and \`test\` are the same split, \`${test}\`: the score is of images that were learnt`,
      );
    }
  }
}
