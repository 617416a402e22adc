import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A study of made-up scores whose axes, labels, report and columns have display names, in a folder. */
export function namedStudy(folder: string): string {
  const scores = [0.8359, 0.8412, 0.8288, 0.8179, 0.8103, 0.8151, 0.5958, 0.5949, 0.6011, 0.5871];
  writeFileSync(
    join(folder, 'score.mjs'),
    `const scores = ${JSON.stringify(scores)};
export function run({ params: { at } }) {
  return { metrics: { top1: scores[at], seconds: 61.5 + at } };
}
`,
  );
  writeFileSync(
    join(folder, 'study.ssp'),
    `/// Which pairs? 100% made up, R&D_only.

extern stage score(at: Int) -> Metrics{top1: Fraction, seconds: Duration} from "./score.mjs"

axis seed as "Seed" = 1..4
axis pairs as "Pairs" = {sp: 0 as "Semantic pairs", ap: 1 as "Augmented pairs"}
axis on as "Data set" = [0 as "CIFAR-10", 2 as "STL-10 & more"]
axis method = {simclr: 0 as "SimCLR", dino: 1}

evaluate m = score(seed + pairs + on + method)

let sp = m.top1[pairs: sp]
let ap = m.top1[pairs: ap]

/// Linear probe, *test* accuracy of \`m\`.
report transfers as "Transfer" = table(
  {sp, ap, gain: sp - ap as "Gain"},
  rows: method,
  columns: on,
  over: seed,
)
report cost = table({time: m.seconds as "Seconds"}, rows: [on, pairs], over: [method, seed])

reference "A paper, 2024" {
  m.top1[method: simclr, pairs: sp, on: 0] = 83.60%
  m.top1[method: simclr, pairs: sp, on: 2] = 59.5%
}
`,
  );
  return folder;
}
