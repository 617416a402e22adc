import { planDocument } from '../../plan/plan-document.js';
import { command, common } from '../command.js';
import { openSession } from '../session.js';
import { planText } from '../text/plan-text.js';

export const plan = command({
  name: 'plan',
  summary: 'say of every stage whether it is a hit, would run or waits, and why',
  arguments: [{ name: '<file>', about: 'a .ssp file' }],
  options: [
    common.set,
    common.store,
    common.points,
    common.gpus,
    common.eager,
    { flags: '--all', about: 'a line for every point' },
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
    if (options.json) io.out(JSON.stringify(planDocument(session.plan), null, 2));
    else io.out(planText(session.plan, { colour: io.colour.out, all: options.all === true }));
    return 0;
  },
});
