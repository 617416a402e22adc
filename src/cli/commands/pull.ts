import { counted } from '../../base/counted.js';
import { command, common, experiment } from '../command.js';
import { amount, openOf, pullInto, refusal, remoteOf } from '../sharing/remotes.js';
import { takingFlags } from '../sharing/taking-flags.js';
import { openProgram } from '../study/session.js';

export const pull = command({
  name: 'pull',
  summary: 'bring the results of a file that somebody else has made',
  arguments: [{ name: '<file>', about: 'a .ssp file' }],
  options: [
    { flags: '--from <remote>', about: 'where from (default: $SSP_REMOTE)' },
    ...takingFlags,
    ...experiment,
    common.json,
  ],
  examples: ['ssp pull study.ssp --from /nfs/lab/ssp'],
  async run(io, [file], options) {
    const opened = openProgram(io, file, options);
    if (opened === undefined) return 1;
    const remote = await remoteOf(io, opened, options.from, '--from REMOTE');
    const { came, bytes, refused, plan } = await pullInto(io, opened, options, [remote]);
    const open = openOf(plan);
    if (options.json) {
      const results = came.map(({ key, id, signed }) => ({
        key,
        id,
        signedBy: signed?.by ?? null,
      }));
      const found = { remote: remote.name, results, bytes, refused, open };
      io.out(JSON.stringify({ version: 1, ...found }, null, 2));
    } else {
      io.out(`got ${amount(came.length, bytes)} from ${remote.name}`);
      if (open > 0)
        io.err(`${counted(open, 'result')} of ${plan.stages.length} are to be made: ssp run`);
    }
    if (refused.length > 0) throw refusal(refused.length, remote, opened.program.file.path);
    return 0;
  },
});
