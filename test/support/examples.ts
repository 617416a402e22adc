/** The comparison of semantic with augmented pairs: most of the language in one file. */
export const comparison = `/// Do semantic pairs beat augmented pairs?

import std.data.{imagenet, cifar10, cifar100, stl10}
import std.pairs.{semantic_pairs, augmented_pairs}
import std.views.simclr_views
import std.ssl.{simclr, vicreg, byol, dino}
import std.backbone.resnet50
import std.train.pretrain
import std.probe.linear_probe

param epochs: Int = 200          // ssp run --set epochs=800
axis  seed   = [1, 2, 3]
axis  method = [simclr(temperature: 50%), vicreg(), byol(), dino()]
axis  on     = [cifar10(root: env.CIFAR10), cifar100(root: env.CIFAR100), stl10(root: env.STL10)]

dataset source = imagenet(root: env.IMAGENET, classes: file("classes-187.txt"), size: 64px)
axis    pairs  = {
  sp: semantic_pairs(source, list: file("pairs.csv")),
  ap: augmented_pairs(source, per_class: 157),
}

transform views = simclr_views(size: 64px, scale: 0.2..1.0, grayscale: 20%)

@gpu(1) @timeout(12h) @retries(2)
train encoder = pretrain(pairs, views, method, backbone: resnet50(), epochs, batch: 256, seed)

evaluate transfer = linear_probe(encoder, on)

let gain = transfer.top1[pairs: sp] - transfer.top1[pairs: ap]
report transfer_table = table({sp: transfer.top1[pairs: sp], ap: transfer.top1[pairs: ap], gain},
                              rows: method, columns: on, over: seed)   // mean ± spread over seeds

expect mean(gain, over: seed) > 0
reference "arXiv:2510.08722v2" { transfer.top1[method: simclr, pairs: sp, on: stl10] = 85.59% }
`;

/** Which transforms each set of pairs needs. */
export const ablation = `/// Table 3: which transforms does each set of pairs need?

import std.data.{imagenet, stl10}
import std.pairs.{semantic_pairs, augmented_pairs}
import std.views.{simclr_views, crop_only}
import std.ssl.simclr
import std.backbone.resnet50
import std.train.pretrain
import std.probe.linear_probe

axis seed = [1, 2, 3]
axis removed = {
  full:      simclr_views(size: 64px),
  grayscale: simclr_views(size: 64px, grayscale: 0%),
  jitter:    simclr_views(size: 64px, jitter: 0%),
  all:       crop_only(size: 64px),
}
dataset source = imagenet(root: env.IMAGENET, classes: file("classes-187.txt"), size: 64px)
axis pairs = {sp: semantic_pairs(source, list: file("pairs.csv")), ap: augmented_pairs(source, per_class: 157)}

train encoder = pretrain(pairs, removed, simclr(), backbone: resnet50(), epochs: 200, batch: 256, seed)
evaluate stl = linear_probe(encoder, stl10(root: env.STL10))
let gain = stl.top1[pairs: sp] - stl.top1[pairs: ap]
report robustness = table({sp: stl.top1[pairs: sp], ap: stl.top1[pairs: ap], gain}, rows: removed, over: seed)
expect mean(stl.top1[removed: full] - stl.top1[removed: all], over: seed)[pairs: sp]
     < mean(stl.top1[removed: full] - stl.top1[removed: all], over: seed)[pairs: ap]
`;

/** Every form of the language that the two others do not have. */
export const rest = `/// Everything else.

import "./views.ssp".{strong, weak as w,}   // why
import "@lab/views/strong.ssp".{strong as s}
import std . train.pretrain as pp


// a comment

// another
param epochs : Int(1 ..)=200
param fraction: Fraction(..10%)
param stem: "imagenet" | "small" | "small-half"? = "imagenet"
param nested: List[{low: Float, high: Float?}] = [{low: -1.5, "high": 1e-3}]
param ranges: List[Range[Float](0.0..1.0)] = [0.2 .. 1.0, -1..1]
axis budget = {short: {epochs: 200, lr: 0.3}, long: {epochs: 800, lr: 0.2}}
axis index = 1..1000
let lr = budget.lr * epochs / 256 - -2
let weight = match method { simclr: 0.3, {vicreg, "moco v3", 10%, 0.2..1.0, byol(tau: 0.99)}: 0.2, else: 0.1 }
let chosen = if epochs >= 100 and not (seed == 1 or seed != 2) then true else none
let long_sum = aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa + bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb * ccccccccccccccc + f(dddddddd)
let sizes = [512MiB, 16GiB, 10GB, 250ms, 30s, 5min, 12h, 2d, 15deg, 64px, 20%, 1_000, 0.5, 1e-3, 1.5E+2]
let text = "a\\n\\t\\"\\\\\\u{1F600} /// no comment"
let words = f(1, g(2), train: 3, where: 4, epochs)[is: match].if
@gpu(1) // first
/// The encoder.
@memory(16GiB) @cpus(4) train small = pretrain(pairs, epochs // c1
   , seed, // c2
   // c3
   views
   // c4
   ) where method is not {simclr, "vic reg"} or seed is 1 and on is -1..2 // behind
evaluate probe = linear_probe(small)[seed: 1, on: {a, b(x: 1, y: "z"),}]
report page = pivot(probe.top1[seed: {1, 2}], rows: on)
expect ci95(x[pairs: sp] - x[pairs: ap], over: [seed, on]).low > 0%
reference "a paper" { a.b[x: y] = 85%
  c.d = 3%, e.f = 1.5 // g
}
def twice(a: Images, b: Int = 2) -> Metrics{top1: Fraction} {
  let y = -b // y

  // the stage
  @gpu(1) /// doc
  train z = f(a, y) where seed is 1
  return linear_probe(z) }
extern value method(temperature: Fraction(1%..1000%) = 50%) -> Method
extern stage mine(x: Int, y: Float?) -> Metrics{top1: Fraction, k: Int} from "./mine.mjs"
@version(3)
extern stage torch(in: Images, epochs: Int) -> Files command "python train.py --data {in} --epochs {epochs}" reads: ["train.py"]
`;
