import { corpus, mistakesIn } from './corpus.js';
import { mutations } from './mutations.js';
import { type Site, type Studied, study } from './study.js';

/** What was made, and what was told more or less often than it was made. */
export interface Outcome {
  readonly count: number;
  /** Mutants of the documented exceptions that are told more than once. */
  readonly excepted: number;
  readonly wrong: readonly {
    readonly made: readonly string[];
    readonly told: readonly string[];
  }[];
}

/**
 * Mistakes that may be told more than once: without its opening brace a block (of a def, a match, a
 * reference) is no block, and what stands in it looks like declarations; without its opening bracket
 * a slice in a reference makes the rest another entry.
 */
const exceptions: Readonly<Record<string, (lost: string) => boolean>> = {
  'an opening bracket is missing': (lost) => lost === '{' || lost === '[',
};

/**
 * Two mistakes that are one: a word that is misspelt in the same way twice, and an import of the
 * whole library beside one that is missing.
 */
const one = (a: Site, b: Site) =>
  a.text === b.text && (/^\w+$/.test(a.text) || (a.text === '' && a.end - a.start > 5));

/** A word for a text is one mistake with what is wrong where that word is declared. */
const wanted: ReadonlySet<string> = new Set(['a word where a text is needed']);

export const files: readonly Studied[] = corpus.map(study);

const said = (file: Studied, sites: readonly Site[]) => {
  const back = sites.toSorted((a, b) => b.start - a.start);
  const changed = back.reduce(
    (text, { start, end, text: by }) => text.slice(0, start) + by + text.slice(end),
    file.source.text,
  );
  return mistakesIn(file.source, changed).map(({ code, span, message }) => {
    const line = span.file.text.slice(0, span.start).split('\n').length;
    return `${code}:${line} ${message}`;
  });
};

const place = (file: Studied, { start, end, text }: Site) => {
  const line = file.source.text.slice(0, start).split('\n').length;
  const before = JSON.stringify(file.source.text.slice(start, end));
  return `${file.source.path}:${line} ${before} → ${JSON.stringify(text)}`;
};

/** Makes each kind of mistake alone: at most `most` times in each file, evenly over its places. */
export function single(most: number): Outcome {
  let [count, excepted] = [0, 0];
  const wrong: Outcome['wrong'][number][] = [];
  for (const [name, mutation] of Object.entries(mutations)) {
    for (const file of files) {
      const sites = mutation(file);
      const step = Math.max(1, Math.ceil(sites.length / most));
      for (const site of sites.filter((_, i) => i % step === 0)) {
        count += 1;
        const told = said(file, [site]);
        if (told.length === 1) continue;
        if (exceptions[name]?.(file.source.text.slice(site.start, site.end))) excepted += 1;
        else wrong.push({ made: [name, place(file, site)], told });
      }
    }
  }
  return { count, excepted, wrong };
}

/** Kinds of mistakes for which there is no place in any file. */
export const unplaced = (): readonly string[] =>
  Object.entries(mutations).flatMap(([name, mutation]) =>
    files.some((file) => mutation(file).length > 0) ? [] : [name],
  );

/** Numbers from 0 to 1, the same each time. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const pick = <T>(list: readonly T[], next: () => number): T | undefined =>
  list[Math.floor(next() * list.length)];

/** Makes `n` mistakes at once, in declarations that do not use each other. */
export function several(n: number, times: number): Outcome {
  const next = random(n);
  const names = Object.keys(mutations).filter((name) => !(name in exceptions) && !wanted.has(name));
  let count = 0;
  const wrong: Outcome['wrong'][number][] = [];
  for (let i = 0; i < times; i++) {
    const file = pick(files, next);
    if (!file) continue;
    const sites: Site[] = [];
    const kinds: string[] = [];
    for (let tries = 0; sites.length < n && tries < 100; tries++) {
      const kind = pick(names, next) ?? '';
      const site = pick(mutations[kind]?.(file) ?? [], next);
      if (!site || sites.some((other) => !file.independent(site.start, other.start))) continue;
      if (sites.some((other) => one(other, site))) continue;
      sites.push(site);
      kinds.push(kind);
    }
    if (sites.length < n) continue;
    count += 1;
    const told = said(file, sites);
    if (told.length === n) continue;
    wrong.push({ made: sites.map((site, j) => `${kinds[j]} ${place(file, site)}`), told });
  }
  return { count, excepted: 0, wrong };
}
