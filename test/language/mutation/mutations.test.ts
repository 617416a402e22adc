import { expect, it } from 'vitest';
import { corpus, mistakesIn } from './corpus.js';
import { mutations, study } from './mutations.js';

const files = corpus.map(study);
const limit = Number(process.env.SITES ?? 3);

it('starts from files without mistakes', () => {
  for (const { source } of files)
    expect([source.path, mistakesIn(source, source.text)]).toEqual([source.path, []]);
});

it('one', () => {
  let [all, exact] = [0, 0];
  for (const [name, mutation] of Object.entries(mutations)) {
    for (const file of files) {
      const { text } = file.source;
      const sites = mutation(file);
      const step = Math.max(1, Math.ceil(sites.length / limit));
      for (const site of sites.filter((_, i) => i % step === 0)) {
        const changed = text.slice(0, site.start) + site.text + text.slice(site.end);
        const found = mistakesIn(file.source, changed);
        all += 1;
        if (found.length === 1) exact += 1;
        else {
          const line = text.slice(0, site.start).split('\n').length;
          console.log(
            `${name} | ${file.source.path}:${line} | ${JSON.stringify(text.slice(site.start, site.end).slice(0, 40))} -> ${JSON.stringify(site.text.slice(0, 40))} | ${found.map((d) => `${d.code}:${d.span.file.text.slice(0, d.span.start).split('\n').length} ${d.message}`).join(' ;; ')}`,
          );
        }
      }
    }
  }
  console.log(all, exact);
});
