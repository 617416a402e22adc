import { loadTensorFlow } from '../../tensor/load.js';
import { alphaReq, effectiveRank, rankMe, spectraOf } from '../../tensor/probe/spectrum.js';
import { factsOfScore } from '../artifact/facts.js';
import { openFeatures, remarkCollapse, tellApart } from '../artifact/features.js';
import { openImages } from '../artifact/images.js';
import { implement } from '../implement.js';

/** Below this share of the largest singular value there is rounding alone. */
const rounding = 1e-6;

/** How many dimensions features fill: see `std.probe.spectrum`. */
export const run = implement('std.probe.spectrum', async (context) => {
  const { encoder, on, split, first, last } = context.params;
  loadTensorFlow({ threads: context.threads });
  const images = openImages(on);
  const indices = images.indicesOf(split);
  const { d, at } = openFeatures(encoder, images, on);
  const features = at(indices);
  remarkCollapse(features, d, split, context);
  const { plain, centred } = spectraOf(features, d);
  const known = tellApart(features, d);
  const above = centred.filter((value) => value > rounding * (centred[0] ?? 0)).length;
  const fits = known && first < last && last <= above;
  if (!fits) {
    context.remark(
      `\`alpha_req\` has no value: it is of eigenvalues ${first} to ${last}, and the features of the ${indices.length} images of split \`${split}\` have ${known ? above : 0} that are no rounding`,
    );
  }
  if ((plain[0] ?? 0) === 0) context.remark('`rank_me` has no value: all features are 0');
  context.log(`${indices.length} images, features of length ${d}`);
  return {
    metrics: {
      rank_me: (plain[0] ?? 0) > 0 ? rankMe(plain) : null,
      effective_rank: known ? effectiveRank(centred) : null,
      alpha_req: fits ? alphaReq(centred, first, last) : null,
    },
    facts: { ...factsOfScore({ asked: indices.length }), features: d },
  };
});
