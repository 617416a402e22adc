import { isMap, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { SspError } from '../../base/errors.js';
import { nearest } from '../../base/nearest.js';
import { validate } from './site-validator.gen.js';

/** What a cluster asks of those who use it, with defaults filled in: the `slurm` of a site file. */
export interface Site {
  readonly partition?: string;
  readonly account?: string;
  readonly qos?: string;
  readonly constraint?: string;
  /** The GPUs of the nodes. */
  readonly gpu?: {
    readonly gres: string;
    readonly precision: 'fp32' | 'bf16';
    readonly tf32: boolean;
  };
  readonly cpus: number;
  /** As Slurm writes it. */
  readonly memory?: string;
  /** The longest time of one allocation. Seconds. */
  readonly timeSeconds?: number;
  /** How long before its end a stage is asked to save. Seconds. */
  readonly signal: number;
  readonly maxArray: number;
  readonly atOnce?: number;
  readonly pointsPerTask: number;
  /** Seconds between questions to the controller. */
  readonly poll: number;
  /** Seconds that files of a node may take to be seen here. */
  readonly grace: number;
  readonly requeues: number;
  readonly options: readonly string[];
  readonly prologue: readonly string[];
}

/** `slurm` as it is written: the shape of `grammar/schema/site.json`. */
type Written = Pick<Site, 'partition' | 'account' | 'qos' | 'constraint' | 'memory'> & {
  readonly gpu?: Partial<NonNullable<Site['gpu']>>;
  readonly time?: string;
  readonly max_array?: number;
  readonly at_once?: number;
  readonly points_per_task?: number;
} & Partial<Pick<Site, 'cpus' | 'signal' | 'poll' | 'grace' | 'requeues' | 'options' | 'prologue'>>;

/** Options of sbatch that ssp gives itself, and by what the site file has a say in them. */
const OWN: Readonly<Record<string, string>> = {
  array: '`max_array` and `at_once` say how large arrays are',
  'job-name': 'jobs are found again by it',
  output: 'logs lie in the store',
  error: 'logs lie in the store',
  parsable: 'ssp reads the answer',
  wrap: 'ssp writes the script',
  requeue: 'jobs are always requeued',
  'no-requeue': 'jobs are always requeued',
  signal: 'write `signal: SECONDS`',
  dependency: 'ssp submits what is ready',
  wait: 'ssp waits by itself',
  chdir: 'stages run in their own folders',
  time: 'write `time: 24h`, or `@timeout` at a stage',
  mem: 'write `memory: 16G`, or `@memory` at a stage',
  'cpus-per-task': 'write `cpus: 4`, or `@cpus` at a stage',
  gres: 'write `gpu: {gres: gpu}`, or `@gpu` at a stage',
  partition: 'write `partition: NAME`',
  account: 'write `account: NAME`',
  qos: 'write `qos: NAME`',
  constraint: 'write `constraint: NAME`',
};

/** What a site file says. */
export interface SiteFile {
  readonly slurm: Site;
  /** Addresses of remotes, as they are written, by their names. */
  readonly remotes: Readonly<Record<string, string>>;
}

/** Reads a site file. @throws SspError `bad-site` that names the file, the line and what was expected. */
export function parseSite(text: string, path: string): SiteFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const wrong = (offset: number | undefined, what: string, help: string): SspError => {
    const at = offset === undefined ? path : `${path}:${lines.linePos(offset).line}`;
    return new SspError('bad-site', `${at}: ${what}`, { help });
  };
  const [syntax] = document.errors;
  if (syntax) {
    const [first = ''] = syntax.message.split('\n');
    throw wrong(syntax.pos[0], first.replace(/ at line .*$/, ''), 'a site file is YAML');
  }
  const content: unknown = document.toJS() ?? {};
  if (!isSite(content)) {
    const [error] = validator.errors ?? [];
    const place = (error?.instancePath ?? '').split('/').slice(1);
    const unknown = error?.params.additionalProperty;
    const full = unknown === undefined ? place : [...place, unknown];
    const offset = offsetOf(document.contents, full);
    throw wrong(offset, ...complaint(error, full.join('.')));
  }
  const written = content.slurm ?? {};
  for (const [n, option] of (written.options ?? []).entries()) {
    const name = option.slice(2).replace(/=.*$/s, '');
    const why = OWN[name];
    if (why === undefined) continue;
    const offset = offsetOf(document.contents, ['slurm', 'options', String(n)]);
    throw wrong(offset, `\`--${name}\` cannot be given to sbatch`, why);
  }
  return { slurm: siteOf(written), remotes: content.remotes ?? {} };
}

export function siteOf({ gpu, time, max_array, at_once, points_per_task, ...rest }: Written): Site {
  return {
    cpus: 1,
    signal: 120,
    maxArray: max_array ?? 1000,
    pointsPerTask: points_per_task ?? 1,
    poll: 15,
    grace: 60,
    requeues: 10,
    options: [],
    prologue: [],
    ...rest,
    ...(gpu === undefined ? {} : { gpu: { gres: 'gpu', precision: 'fp32', tf32: true, ...gpu } }),
    ...(time === undefined ? {} : { timeSeconds: secondsOf(time) }),
    ...(at_once === undefined ? {} : { atOnce: at_once }),
  };
}

const units: Readonly<Record<string, number>> = { min: 60, h: 3600, d: 86_400 };

const secondsOf = (text: string): number =>
  Number.parseInt(text, 10) * (units[text.replace(/^\d+/, '')] ?? 1);

interface Fault {
  readonly instancePath: string;
  readonly keyword: string;
  readonly message?: string;
  readonly data?: unknown;
  readonly params: { readonly additionalProperty?: string };
  readonly parentSchema?: {
    readonly description?: string;
    readonly properties?: Readonly<Record<string, unknown>>;
  };
}

interface Validator {
  (document: unknown): boolean;
  errors?: readonly Fault[] | null;
}

const validator: Validator = validate;

/** The shape of `grammar/schema/site.json`. */
type Content = { readonly slurm?: Written } & Partial<Pick<SiteFile, 'remotes'>>;

const isSite = (content: unknown): content is Content => validator(content);

/** What is wrong, and what to do. */
function complaint(error: Fault | undefined, name: string): readonly [string, string] {
  const { keyword, data, message = 'is wrong', parentSchema } = error ?? {};
  if (keyword === 'additionalProperties') {
    const known = Object.keys(parentSchema?.properties ?? {});
    const near = nearest(name.split('.').at(-1) ?? '', known);
    const help = near === undefined ? `there are ${known.join(', ')}` : `did you mean \`${near}\`?`;
    return [`\`${name}\` is not known`, help];
  }
  if (name === '') {
    return [
      `the file is ${JSON.stringify(data)}, and has to have \`slurm\` or \`remotes\``,
      'docs/slurm.md and docs/sharing.md have examples',
    ];
  }
  const said = parentSchema?.description ?? 'docs/slurm.md has an example';
  return [`\`${name}\` is ${JSON.stringify(data)}, and ${message}`, `\`${name}\`: ${said}`];
}

/** Where in the text the value of a place begins; of a name that is not known, the name. */
function offsetOf(root: unknown, place: readonly string[]): number | undefined {
  let at = root as Node | null;
  let offset = at?.range?.[0];
  for (const name of place) {
    if (isMap(at)) {
      const pair = at.items.find(({ key }) => String(key) === name);
      offset = (pair?.key as Node | undefined)?.range?.[0] ?? offset;
      at = (pair?.value as Node | null | undefined) ?? null;
    } else if (isSeq(at)) {
      at = (at.items[Number(name)] as Node | undefined) ?? null;
      offset = at?.range?.[0] ?? offset;
    }
  }
  return offset;
}
