import { expect, it } from 'vitest';
import { corpus, mistakesIn } from './corpus.js';
import { mutations, type Site, type Studied, study } from './mutations.js';

/**
 * Mistakes that are told more than once. Without its opening brace a block is no block: what stands
 * in it looks like declarations.
 */
const exceptions: Readonly<Record<string, (changed: string) => boolean>> = {
  'an opening bracket is missing': (found) => found === '{' || found === '[',
};

const files = corpus.map(study);

/** Places of a mutation, at most so many of each file, evenly. */
function some(sites: readonly Site[], most: number): readonly Site[] {
  const step = Math.max(1, Math.ceil(sites.length / most));
  return sites.filter((_, i) => i % step === 0);
}

function changed(text: string, sites: readonly Site[]): string {
  const back = sites.toSorted((a, b) => b.start - a.start);
  return back.reduce(
    (now, { start, end, text: by }) => now.slice(0, start) + by + now.slice(end),
    text,
  );
}

const said = (file: Studied, sites: readonly Site[]) =>
  mistakesIn(file.source, changed(file.source.text, sites)).map(({ code, span, message }) => {
    const line = span.file.text.slice(0, span.start).split('\n').length;
    return `${code}:${line} ${message}`;
  });

const place = (file: Studied, { start, end, text }: Site) => {
  const line = file.source.text.slice(0, start).split('\n').length;
  return `${file.source.path}:${line} ${JSON.stringify(file.source.text.slice(start, end))} → ${JSON.stringify(text)}`;
};

it('starts from files without mistakes', () => {
  for (const { source } of files) {
    expect([source.path, mistakesIn(source, source.text)]).toEqual([source.path, []]);
  }
});

const most = Number(process.env.SSP_MUTANTS ?? 3);

it('tells each kind of mistake once, wherever it is made', () => {
  let count = 0;
  const wrong: unknown[] = [];
  for (const [name, mutation] of Object.entries(mutations)) {
    const made = files.flatMap((file) =>
      some(mutation(file), most).map((site) => ({ file, site })),
    );
    expect([name, made.length > 0]).toEqual([name, true]);
    for (const { file, site } of made) {
      const found = said(file, [site]);
      const text = file.source.text.slice(site.start, site.end);
      count += 1;
      if (found.length !== 1 && !exceptions[name]?.(text))
        wrong.push([name, place(file, site), found]);
    }
  }
  console.log(`${count} mutants, ${count - wrong.length} exact`);
  expect(wrong).toEqual([]);
});

/** Numbers from 0 to 1, the same each time. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/**
 * Two mistakes that are one: a word that is misspelt in the same way twice, and an import of the
 * whole library beside one that is missing.
 */
const one = (a: Site, b: Site) =>
  a.text === b.text && (/^\w+$/.test(a.text) || (a.text === '' && a.end - a.start > 5));

const pick = <T>(list: readonly T[], next: () => number): T | undefined =>
  list[Math.floor(next() * list.length)];

for (const n of [2, 3]) {
  it(`tells ${n} mistakes in distant places ${n} times`, () => {
    const next = random(n);
    const names = Object.keys(mutations).filter((name) => !(name in exceptions));
    let count = 0;
    const wrong: unknown[] = [];
    for (let i = 0; i < 40 * most; i++) {
      const file = pick(files, next);
      if (!file) continue;
      const sites: Site[] = [];
      const kinds: string[] = [];
      for (let tries = 0; sites.length < n && tries < 40; tries++) {
        const kind = pick(names, next) ?? '';
        const site = pick(mutations[kind]?.(file) ?? [], next);
        if (!site || sites.some((other) => !file.independent(site.start, other.start))) continue;
        if (sites.some((other) => one(other, site))) continue;
        sites.push(site);
        kinds.push(kind);
      }
      if (sites.length < n) continue;
      count += 1;
      const found = said(file, sites);
      if (found.length !== n) wrong.push([kinds, sites.map((site) => place(file, site)), found]);
    }
    console.log(`${count} mutants of ${n} mistakes, ${count - wrong.length} exact`);
    expect(wrong).toEqual([]);
  });
}
