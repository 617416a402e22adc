import { dirname, resolve } from 'node:path';
import { UsageError } from '../../base/errors.js';
import { counted } from '../../execute/costs/counted.js';
import { estimate } from '../../execute/costs/estimate.js';
import { isMeasured, measuredCosts } from '../../execute/costs/measured-costs.js';
import { beyond } from '../../execute/local/beyond.js';
import { capacityOf } from '../../execute/local/machine.js';
import { sizesOf } from '../../library/size/stage-size.js';
import { planDocument } from '../../plan/plan-document.js';
import { command, common, experiment } from '../command.js';
import { machineFor } from '../executors/local-workers.js';
import { executorOf, openSession } from '../study/session.js';
import { beyondText, HERE } from '../text/beyond-text.js';
import { countedTexts } from '../text/counted-text.js';
import { estimateText } from '../text/estimate-text.js';
import { planText } from '../text/plan-text.js';

/** Half of what makers of GPUs of 2020 state for float32 (an A100: 19.5). */
const TERA = 10;

export const plan = command({
  name: 'plan',
  summary: 'say of every stage whether it is a hit, would run or waits, and why',
  arguments: [{ name: '<file>', about: 'a .ssp file' }],
  options: [
    ...experiment,
    { flags: '--all', about: 'a line for every point' },
    {
      flags: '--tflops <n>',
      about: `10^12 operations a second that a device is taken to do, for estimates of what nothing like was measured (default: ${TERA})`,
    },
    common.json,
  ],
  examples: [
    'ssp plan pipelines/quickstart.ssp',
    'ssp plan pipelines/quickstart.ssp --set epochs=40',
    'ssp plan study.ssp --json',
  ],
  async run(io, [file], options) {
    const session = await openSession(io, file, options);
    if (session === undefined) return 1;
    const { plan, program, store } = session;
    const tera = teraOf(options.tflops);
    const costOf = measuredCosts(store);
    const onGpus = options.gpus !== undefined;
    const costs = estimate(plan.stages, costOf, { onGpus });
    const counts = counted(
      plan.stages,
      (stage) => isMeasured(stage, costOf(stage), { onGpus }),
      sizesOf(dirname(resolve(io.cwd, program.file.path))),
    );
    if (options.json) {
      const document = { ...planDocument(plan), estimate: costs ?? null };
      io.out(JSON.stringify({ ...document, ...(counts && { counted: { ...counts } }) }, null, 2));
      return 0;
    }
    io.out(planText(plan, { colour: io.colour.out, all: options.all === true }));
    if (costs) io.out(estimateText(costs));
    if (counts) for (const line of countedTexts(counts, tera)) io.out(line);
    // What a cluster has it says when a job is submitted.
    if (executorOf(options) !== 'local') return 0;
    const short = beyond(plan.stages, capacityOf(machineFor(options)));
    for (const one of short) io.err(`note: ${beyondText(one, HERE)}`);
    return 0;
  },
});

function teraOf(text: string | undefined): number {
  if (text === undefined) return TERA;
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new UsageError(`--tflops ${text} is no number above 0`, 'as in --tflops 19.5');
}
