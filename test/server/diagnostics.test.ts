import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startClient } from './client.js';
import { study, studyWith } from './study.js';

const codes = (found: { diagnostics: readonly { code?: unknown }[] }) =>
  found.diagnostics.map((d) => d.code);

it('says what is wrong with each version, with place, help and the other place', async () => {
  const client = await startClient();
  await client.open('a.ssp', study);
  expect(await client.diagnostics('a.ssp')).toMatchObject({ version: 1, diagnostics: [] });
  await client.change('a.ssp', studyWith(['simclr(temp', 'simclr(tmep']));
  const wrong = await client.diagnostics('a.ssp');
  expect(wrong.version).toBe(2);
  expect(codes(wrong)).toEqual(['unknown-parameter']);
  expect(wrong.diagnostics[0]).toMatchObject({
    severity: 1,
    source: 'ssp',
    range: { start: { line: 23, character: 9 }, end: { line: 23, character: 20 } },
  });
  expect(wrong.diagnostics[0]?.message).toContain('did you mean `temperature`?');
  await client.change('a.ssp', studyWith('let gain = 1\n'));
  const twice = await client.diagnostics('a.ssp');
  expect(codes(twice)).toEqual(['duplicate-declaration']);
  expect(twice.diagnostics[0]?.relatedInformation?.[0]?.message).toBe('declared here first');
  await client.change('a.ssp', study);
  expect(codes(await client.diagnostics('a.ssp'))).toEqual([]);
});

it('marks what is unused', async () => {
  const client = await startClient();
  await client.open('a.ssp', 'import std.ssl.simclr\n');
  const { diagnostics } = await client.diagnostics('a.ssp');
  expect(diagnostics).toMatchObject([{ code: 'unused', severity: 2, tags: [1] }]);
});

it('takes changes of parts of a text', async () => {
  const client = await startClient();
  await client.open('a.ssp', 'let a = 1\r\nlet b = a\r\nexpect b > "😀"\r\n');
  const { diagnostics } = await client.diagnostics('a.ssp');
  expect(diagnostics).toMatchObject([{ range: { start: { line: 2, character: 11 } } }]);
  await client.connection.sendNotification('textDocument/didChange', {
    textDocument: { uri: client.uri('a.ssp'), version: 2 },
    contentChanges: [
      { range: { start: { line: 2, character: 11 }, end: { line: 2, character: 15 } }, text: '0' },
      { range: { start: { line: 1, character: 8 }, end: { line: 1, character: 9 } }, text: 'aa' },
    ],
  });
  client.versions.set('a.ssp', 2);
  const { diagnostics: next } = await client.diagnostics('a.ssp');
  expect(next).toMatchObject([
    {
      code: 'unknown-name',
      range: { start: { line: 1, character: 8 }, end: { line: 1, character: 10 } },
    },
  ]);
});

it('sees what is not saved in the files that it imports', async () => {
  const files = { 'views.ssp': 'let strong = 1\n' };
  const client = await startClient({ files });
  const text = 'import "./views.ssp".{strong}\nexpect strong > 0\n';
  await client.open('a.ssp', text);
  expect(codes(await client.diagnostics('a.ssp'))).toEqual([]);
  await client.open('views.ssp', 'let weak = 1\n');
  await expect.poll(() => client.published('a.ssp')).toEqual(['unknown-import']);
  await client.change('views.ssp', 'let strong = 1 +\n');
  await expect.poll(() => client.published('a.ssp')).toEqual(['syntax']);
  const { diagnostics } = await client.diagnostics('a.ssp');
  expect(diagnostics[0]?.message).toMatch(/there are mistakes in .*views\.ssp/);
  expect(diagnostics[0]?.relatedInformation?.[0]?.location.uri).toBe(client.uri('views.ssp'));
});

it('sees files that change on the disk', async () => {
  const client = await startClient({ files: { 'views.ssp': 'let strong = 1\n' } });
  await client.open('a.ssp', 'import "./views.ssp".{strong}\nexpect strong > 0\n');
  expect(codes(await client.diagnostics('a.ssp'))).toEqual([]);
  writeFileSync(join(client.folder, 'views.ssp'), 'let weak = 1\n');
  await client.connection.sendNotification('workspace/didChangeWatchedFiles', {
    changes: [{ uri: client.uri('views.ssp'), type: 2 }],
  });
  await expect.poll(() => client.published('a.ssp')).toEqual(['unknown-import']);
});

it('checks a document that has no file, and forgets one that is closed', async () => {
  const client = await startClient();
  const uri = 'untitled:Untitled-1';
  const textDocument = { uri, languageId: 'ssp', version: 1, text: 'let a = b\n' };
  await client.connection.sendNotification('textDocument/didOpen', { textDocument });
  await expect.poll(() => client.publishedAt(uri)).toEqual(['unknown-name']);
  await client.connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
  await expect.poll(() => client.publishedAt(uri)).toEqual([]);
});

it('ends a burst of changes with what is wrong with the last', async () => {
  const client = await startClient();
  await client.open('a.ssp', study);
  for (let i = 0; i < 50; i++) await client.change('a.ssp', studyWith(`let x${i} = y${i}\n`));
  const last = await client.diagnostics('a.ssp');
  expect(last.version).toBe(51);
  expect(last.diagnostics.map((d) => String(d.message)).join()).toContain('`y49` is not declared');
});
