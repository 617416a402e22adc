import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compile } from '../../../src/language/compile.js';
import { actions } from '../../../src/language/editor/actions.js';
import { complete } from '../../../src/language/editor/complete.js';
import { folding } from '../../../src/language/editor/folding.js';
import { hover } from '../../../src/language/editor/hover.js';
import { defaultHints } from '../../../src/language/editor/inlay-hints.js';
import { definition } from '../../../src/language/editor/navigate.js';
import { rename } from '../../../src/language/editor/rename.js';
import { semanticTokens } from '../../../src/language/editor/semantic-tokens.js';
import { signature } from '../../../src/language/editor/signature.js';
import { snapshotOf } from '../../../src/language/editor/snapshot.js';
import { symbols } from '../../../src/language/editor/symbols.js';
import { study } from '../../server/study.js';
import { ablation, comparison, rest } from '../../support/examples.js';

function snapshot(text: string) {
  const found = snapshotOf({ readText: (path) => (path === 'a.ssp' ? text : undefined) }, 'a.ssp');
  if (!found) throw new Error('the file is there');
  return found;
}

const around = { files: () => [], namesIn: () => [], exports: () => undefined };

/** Asks everything about a place. */
function ask(text: string, offset: number): void {
  const file = snapshot(text);
  const { start, end } = complete(file, offset, around);
  expect(start).toBeLessThanOrEqual(offset);
  expect(end).toBeGreaterThanOrEqual(offset);
  hover(file, offset);
  signature(file, offset);
  definition(file, offset);
  rename(file, offset, 'other', [file]);
  actions(file, 0, text.length);
  folding(file);
  symbols(file.module);
  defaultHints(file);
  const tokens = semanticTokens(file);
  for (const [i, token] of tokens.entries()) {
    expect(token.start).toBeGreaterThanOrEqual(tokens[i - 1]?.end ?? 0);
  }
}

it('answers at every place of whatever is written', () => {
  const texts = fc.constantFrom(study, comparison, ablation, rest);
  fc.assert(
    fc.property(
      texts,
      fc.nat(),
      fc.nat(20),
      fc.constantFrom('', '(', '"', '.', '[', '}', '@', 'x: '),
      (text, at, drop, put) => {
        const offset = at % (text.length + 1);
        const torn = text.slice(0, offset) + put + text.slice(offset + drop);
        ask(torn, offset + put.length);
      },
    ),
    { numRuns: 300 },
  );
});

it('renames without changing what a file means', () => {
  const names = snapshot(study).open.symbols.flatMap(({ name, word }) => {
    return word === 'import' ? [] : [name];
  });
  const shape = (text: string) => {
    const { program, diagnostics } = compile({ readText: () => text }, 'a.ssp');
    expect(diagnostics).toEqual([]);
    return program?.stages.map((stage) => stage.calls.map(({ call }) => call.extern.name));
  };
  for (const { span, text } of names) {
    const file = snapshot(study);
    const edits = rename(file, span.start, `${text}_2`, [file]);
    if ('refused' in edits) throw new Error(edits.refused);
    const renamed = [...edits]
      .sort((a, b) => b.span.start - a.span.start)
      .reduce(
        (now, { span: at, text: to }) => now.slice(0, at.start) + to + now.slice(at.end),
        study,
      );
    expect(renamed.replaceAll(/^\/\/.*$/gm, '')).not.toMatch(
      new RegExp(`(?<![.\\w"])${text}(?![\\w:])`),
    );
    expect(shape(renamed)).toEqual(shape(study));
    const back = snapshot(renamed);
    const again = rename(back, renamed.indexOf(`${text}_2`, span.start), text, [back]);
    expect('refused' in again).toBe(false);
  }
});
