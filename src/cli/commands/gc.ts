import { SspError } from '../../base/errors.js';
import { collect } from '../../execute/care/collect.js';
import { garbageOf, keptWhy, type Rules } from '../../execute/care/garbage.js';
import { type Inventory, takeInventory } from '../../execute/care/inventory.js';
import { needsOf } from '../../execute/care/needs.js';
import { forgetRuns } from '../../execute/store/roots.js';
import type { Store } from '../../execute/store/store.js';
import { command, common } from '../command.js';
import type { Io } from '../io.js';
import { quantityOption } from '../quantity.js';
import { type Reached, reachOf } from '../study/reach.js';
import { storeFolder } from '../study/store-folder.js';
import { storeThere } from '../study/store-there.js';
import { gcDocument, gcText } from '../text/gc-text.js';

export const gc = command({
  name: 'gc',
  summary: 'say which results no file needs, and with --apply remove them',
  arguments: [
    {
      name: '[files...]',
      about:
        'keep what these .ssp files and locks need (default: all files of which the store knows a run)',
    },
  ],
  options: [
    { flags: '--apply', about: 'remove what would go; without it nothing is removed' },
    { flags: '--older-than <age>', about: 'only what was not used for so long, as in 30d' },
    {
      flags: '--max-size <size>',
      about: 'only until the store is no larger, as in 50GB; what was not used for longest first',
    },
    {
      flags: '--grace <age>',
      about:
        'leave alone what was written more recently (default: 1h); 0s where nobody else uses the store',
    },
    common.store,
    common.json,
  ],
  instead: { '--dry-run': 'without --apply nothing is removed: `ssp gc` is a dry run' },
  examples: [
    'ssp gc',
    'ssp gc --older-than 30d --apply',
    'ssp gc --max-size 50GB --apply',
    'ssp gc study.ssp paper.ssp.lock',
  ],
  async run(io, files, options) {
    const now = Date.now();
    const store = storeThere(storeFolder(io, options, files[0]));
    const unusedFor = milliseconds('--older-than', options.olderThan);
    const grace = milliseconds('--grace', options.grace) ?? GRACE;
    const maxBytes = quantityOption('--max-size', options.maxSize, 'Bytes');
    const reach = () => reachOf(io, store, files, { now, unusedFor });
    const reached = await reach();
    const rules: Rules = { now, grace, unusedFor, maxBytes };
    const inventory = takeInventory(store);
    if (hasResults(inventory) && files.length === 0) checkReached(store, reached);
    const needs = needsOf(store, reached);
    const garbage = garbageOf(inventory, needs, rules);
    const kept = keptWhy(inventory, garbage, needs, rules);
    const again = options.apply === true ? needsOf(store, await reach()) : undefined;
    const collected = again && collect(store, inventory, garbage, again);
    if (collected && files.length === 0) forgetRuns(store, reached.gone);
    const found = {
      store: store.root,
      inventory,
      sources: reached.sources,
      garbage,
      kept,
      collected,
    };
    if (options.json) io.out(JSON.stringify(gcDocument(found), null, 2));
    else print(io, gcText(found));
    return 0;
  },
});

/** Milliseconds. */
const GRACE = 3_600_000;

function milliseconds(flag: string, text: string | undefined): number | undefined {
  const seconds = quantityOption(flag, text, 'Duration');
  return seconds === undefined ? undefined : seconds * 1000;
}

/** Is there anything that a file might need? */
const hasResults = ({ results, damaged, blobs, beside, aside }: Inventory): boolean =>
  results.size + blobs.size + damaged.length + beside.length + aside.length > 0;

/** Nothing goes where it is not known what is needed. */
function checkReached(store: Store, { sources }: Reached): void {
  const why =
    sources.length === 0
      ? 'knows no run of a file that is still there'
      : store.hasHintsOfBefore() &&
        'has results of an earlier ssp, which did not write down whose they are';
  if (!why) return;
  throw new SspError('nothing-known', `the store ${store.root} ${why}`, {
    help: 'name the files whose results are to stay: `ssp gc study.ssp …`',
  });
}

function print(io: Io, { lines, notes }: ReturnType<typeof gcText>): void {
  io.out(lines.join('\n'));
  for (const note of notes) io.err(note);
}
