/** A small file with every kind of name. */
export const study = `/// A study.

import std.data.emoji
import std.pairs.{semantic_pairs, augmented_pairs}
import std.views.simclr_views
import std.ssl.simclr
import std.backbone.resnet18
import std.train.pretrain
import std.probe.linear_probe

/// How often.
param epochs: Int(1..) = 20
axis seed = 1..3

dataset emojis = emoji(size: 32px)
axis pairs = {sp: semantic_pairs(emojis), ap: augmented_pairs(emojis)}
transform views = simclr_views(size: 32px)

/// The encoder.
@retries(1)
train encoder = pretrain(
  pairs,
  views,
  simclr(temperature: 20%),
  backbone: resnet18(width: 16, stem: "small"),
  epochs,
  seed,
)
evaluate group = linear_probe(encoder, emojis, label: "group")
let gain = group.top1[pairs: sp] - group.top1[pairs: ap]
report results = table({gain}, over: seed)
expect mean(gain, over: seed) > 0%
`;

/** The study with a text behind it or in place of a part. */
export function studyWith(change: string | readonly [from: string, to: string]): string {
  if (typeof change === 'string') return `${study}${change}`;
  const [from, to] = change;
  if (!study.includes(from)) throw new Error(`the study has no ${from}`);
  return study.replace(from, () => to);
}
