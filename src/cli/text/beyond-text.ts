import { counted } from '../../base/counted.js';
import type { Beyond } from '../../execute/local/beyond.js';
import { bytesText } from '../../report/numbers/format-number.js';

/** What a stage wants that is not there, and what happens then. `gpus`: how a run gets GPUs. */
export function beyondText({ kind, name, points, wanted, has }: Beyond, gpus: string): string {
  const who = `\`${name}\`${points === 1 ? '' : ` (${points} points)`} wants`;
  switch (kind) {
    case 'gpus':
      return has === 0
        ? `${who} ${counted(wanted, 'GPU')} and there is none: it runs on the processor (${gpus})`
        : `${who} ${counted(wanted, 'GPU')} and there are ${has}: it will not run (${gpus})`;
    case 'cpus':
      return `${who} ${counted(wanted, 'processor')} and there are ${has}: it gets them all`;
    case 'memory':
      return `${who} ${bytesText(wanted)} of memory and there are ${bytesText(has)}: it gets all, beside no other stage with @memory, and memory may run out`;
  }
}

/** How a run on this machine gets GPUs. */
export const HERE = 'name GPUs with --gpus';
