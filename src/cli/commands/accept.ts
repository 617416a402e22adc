import { accountName } from '../../base/account.js';
import { UsageError } from '../../base/errors.js';
import { acceptedRecord } from '../../execute/accept/accept-result.js';
import { acceptedText } from '../../execute/accept/accepted-text.js';
import { checkThere } from '../../execute/store/store-place.js';
import { planPoints } from '../../plan/build-plan.js';
import { namedPoints } from '../../plan/select.js';
import { command, experiment } from '../command.js';
import { openProgram, seenBy, worldOf } from '../study/session.js';

export const accept = command({
  name: 'accept',
  summary: 'say that a change does not matter: the result that there was counts as that of now',
  arguments: [
    { name: '<file>', about: 'a .ssp file' },
    { name: '<stage>', about: "a stage, as in encoder or 'encoder[pairs: sp, seed: 1]'" },
  ],
  options: [
    {
      flags: '--because <reason>',
      about: 'why it does not matter; shown with the result for ever',
    },
    { flags: '--by <name>', about: 'who says so (default: the name of your account)' },
    ...experiment,
  ],
  examples: ['ssp accept study.ssp score --because "only a comment of score.py has changed"'],
  async run(io, [file, target], options) {
    if (target === undefined) throw new UsageError('no stage was named');
    const because = options.because?.trim() ?? '';
    if (because === '') {
      throw new UsageError('no reason was given', 'say why it does not matter: --because "…"');
    }
    const who = options.by ?? accountName(io.env);
    if (who === undefined) {
      throw new UsageError(
        'the account that you work in has no name',
        'say who you are: --by NAME',
      );
    }
    const opened = openProgram(io, file, options);
    if (opened === undefined) return 1;
    const { program, points, store } = opened;
    checkThere(store.root);
    const world = await worldOf(io, opened, options, { without: 'absent' });
    const named = new Set(namedPoints(points, target).map((point) => point.id));
    const { stages } = planPoints(program.file.path, points, world);
    const by = seenBy(io, program, options);
    const said = { because, by: who, at: new Date().toISOString() };
    const asked = stages.filter(({ id }) => named.has(id));
    const open = asked.filter(({ action }) => action !== 'hit');
    // All of them, or none; those that have a result need nothing said, unless there are no others.
    const records = (open.length > 0 ? open : asked).map((stage) =>
      acceptedRecord(stage, { store, by }, world, said),
    );
    store.prepare();
    for (const record of records) {
      store.putRecord(record);
      io.out(`${record.id}: ${acceptedText(record.accepted)}`);
    }
    return 0;
  },
});
