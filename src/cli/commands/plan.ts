import { estimate } from '../../execute/costs/estimate.js';
import { measuredCosts } from '../../execute/costs/measured-costs.js';
import { beyond } from '../../execute/local/beyond.js';
import { capacityOf } from '../../execute/local/machine.js';
import { planDocument } from '../../plan/plan-document.js';
import { command, common, experiment } from '../command.js';
import { machineFor } from '../executors/local-workers.js';
import { executorOf, openSession } from '../study/session.js';
import { beyondText, HERE } from '../text/beyond-text.js';
import { estimateText, noEstimateText } from '../text/estimate-text.js';
import { planText } from '../text/plan-text.js';

export const plan = command({
  name: 'plan',
  summary: 'say of every stage whether it is a hit, would run or waits, and why',
  arguments: [{ name: '<file>', about: 'a .ssp file' }],
  options: [...experiment, { flags: '--all', about: 'a line for every point' }, common.json],
  examples: [
    'ssp plan pipelines/quickstart.ssp',
    'ssp plan pipelines/quickstart.ssp --set epochs=40',
    'ssp plan study.ssp --json',
  ],
  async run(io, [file], options) {
    const session = await openSession(io, file, options);
    if (session === undefined) return 1;
    const { plan, store } = session;
    const costs = estimate(plan.stages, measuredCosts(store), {
      onGpus: options.gpus !== undefined,
    });
    if (options.json) {
      io.out(JSON.stringify({ ...planDocument(plan), estimate: costs ?? null }, null, 2));
      return 0;
    }
    io.out(planText(plan, { colour: io.colour.out, all: options.all === true }));
    const cost = costs ? estimateText(costs) : noEstimateText(plan.stages);
    if (cost !== undefined) io.out(cost);
    // What a cluster has it says when a job is submitted.
    if (executorOf(options) !== 'local') return 0;
    const short = beyond(plan.stages, capacityOf(machineFor(options)));
    for (const one of short) io.err(`note: ${beyondText(one, HERE)}`);
    return 0;
  },
});
