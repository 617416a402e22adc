import { counted } from '../../base/counted.js';
import { type Verified, verify as verifyStore } from '../../execute/care/verify.js';
import { bytesText } from '../../report/numbers/format-number.js';
import { command, common } from '../command.js';
import { reachOf } from '../study/reach.js';
import { storeFolder } from '../study/store-folder.js';
import { storeThere } from '../study/store-there.js';

export const verify = command({
  name: 'verify',
  summary: 'read the store through, and say what of it is not what was written',
  arguments: [
    {
      name: '[files...]',
      about: 'only what these .ssp files and locks need (default: the whole store)',
    },
  ],
  options: [
    { flags: '--repair', about: 'put aside what is wrong, so that the next run makes it again' },
    common.store,
    common.json,
  ],
  examples: ['ssp verify', 'ssp verify --repair', 'ssp verify study.ssp'],
  async run(io, files, options) {
    const store = storeThere(storeFolder(io, options, files[0]));
    const repair = options.repair === true;
    const reached =
      files.length > 0 ? await reachOf(io, store, files, { now: Date.now() }) : undefined;
    for (const note of reached?.sources.flatMap(({ notes }) => notes) ?? []) io.err(note);
    const found = await verifyStore(store, { keys: reached?.keys, repair });
    if (options.json) io.out(JSON.stringify({ version: 1, store: store.root, ...found }, null, 2));
    else io.out(textOf(store.root, found));
    const { wrong } = found;
    if (wrong.length === 0) return 0;
    if (!repair) {
      io.err('`ssp verify --repair` puts aside what is wrong; the next run makes it again');
      return 1;
    }
    const left = wrong.filter(
      ({ path, wrong: why }) => why !== 'is gone' && !found.aside.includes(path),
    );
    io.err(
      left.length === 0
        ? `put aside into ${store.root}/quarantine: ${found.aside.length}; the next run makes them again`
        : `${left.length} cannot be put aside: is the store yours to write to?`,
    );
    return left.length === 0 ? 0 : 1;
  },
});

/** Points that a line names. */
const NAMED = 3;

function textOf(root: string, { records, files, bytes, wrong }: Verified): string {
  const lines = wrong.map(({ path, wrong: why, of }) => {
    const named = of.slice(0, NAMED).join(', ');
    const more = of.length > NAMED ? ` and ${of.length - NAMED} more` : '';
    return `  ${path} ${why}${of.length > 0 ? `; of ${named}${more}` : ''}`;
  });
  const all = `${counted(records, 'record')}, ${counted(files, 'file')} with ${bytesText(bytes)}`;
  const head = `${root}: ${all}: ${wrong.length === 0 ? 'all is as it was written' : `${wrong.length} wrong`}`;
  return [head, ...lines].join('\n');
}
