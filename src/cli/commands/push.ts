import { resolve } from 'node:path';
import { counted } from '../../base/counted.js';
import { sendEntries } from '../../execute/remote/send-entries.js';
import { signerAt } from '../../execute/remote/signature.js';
import { checkThere } from '../../execute/store/store-place.js';
import { command, common, experiment } from '../command.js';
import { amount, openOf, remoteOf } from '../sharing/remotes.js';
import { openProgram, planOpened } from '../study/session.js';

export const push = command({
  name: 'push',
  summary: "send a file's results to where others find them",
  arguments: [{ name: '<file>', about: 'a .ssp file' }],
  options: [
    { flags: '--to <remote>', about: 'where to (default: $SSP_REMOTE)' },
    {
      flags: '--recheck',
      about: 'read all that is there of it, and replace what is damaged or gone',
    },
    { flags: '--sign <file>', about: 'sign what is sent by this private key of ed25519, in PEM' },
    ...experiment,
    common.json,
  ],
  examples: ['ssp push study.ssp --to /nfs/lab/ssp'],
  async run(io, [file], options) {
    const opened = openProgram(io, file, options);
    if (opened === undefined) return 1;
    const remote = await remoteOf(io, opened, options.to, '--to REMOTE');
    checkThere(opened.store.root);
    const { plan, store } = await planOpened(io, opened, options);
    const keys = new Set(
      plan.stages.flatMap(({ key, action }) => (action === 'hit' ? (key ?? []) : [])),
    );
    const records = [...keys].flatMap((key) => store.record(key) ?? []);
    const signer = options.sign === undefined ? undefined : signerAt(resolve(io.cwd, options.sign));
    const { sent, there, bytes } = await sendEntries(remote, store, records, {
      recheck: options.recheck === true,
      ...(signer ? { sign: signer.sign } : {}),
    });
    if (signer) io.err(`signed as ${signer.by}`);
    const open = openOf(plan);
    if (options.json) {
      const signedBy = signer?.by ?? null;
      const found = { remote: remote.name, sent, there, bytes, open, signedBy };
      io.out(JSON.stringify({ version: 1, ...found }, null, 2));
      return 0;
    }
    io.out(`sent ${amount(sent, bytes)} to ${remote.name}; ${there} were there`);
    if (open > 0)
      io.err(`${counted(open, 'result')} of ${plan.stages.length} are not made yet: ssp run`);
    return 0;
  },
});
