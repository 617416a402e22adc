import { expect, it } from 'vitest';
import { startClient } from './client.js';
import { study } from './study.js';

const everything = [
  'textDocument/hover',
  'textDocument/definition',
  'textDocument/documentHighlight',
  'textDocument/completion',
  'textDocument/signatureHelp',
  'textDocument/documentSymbol',
  'textDocument/foldingRange',
  'textDocument/semanticTokens/full',
];

it('shuts down in order', async () => {
  const client = await startClient();
  await client.open('a.ssp', study);
  await client.diagnostics('a.ssp');
  const ended = new Promise((resolve) => client.process.on('exit', resolve));
  expect(await client.connection.sendRequest('shutdown')).toBe(null);
  await client.connection.sendNotification('exit');
  expect(await ended).toBe(0);
});

it('ends when the editor is gone', async () => {
  const client = await startClient();
  const ended = new Promise((resolve) => client.process.on('exit', resolve));
  client.process.stdin.end();
  expect(await ended).toBe(1);
});

it('goes on after messages that are none', async () => {
  const client = await startClient();
  const send = (body: string) => {
    client.process.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  };
  send('{"jsonrpc":"2.0","method":"no/such"}');
  send('{"jsonrpc":"2.0","id":"x","method":"no/such"}');
  send('{"jsonrpc":"2.0","id":900,"method":"textDocument/hover","params":{}}');
  send('{"jsonrpc":"2.0","id":901,"method":"textDocument/hover","params":[1,2,3]}');
  send('{"jsonrpc":"2.0","method":"textDocument/didChange","params":{"textDocument":{"uri":5}}}');
  send('{"jsonrpc":"2.0","method":"workspace/didChangeWatchedFiles","params":null}');
  send('not json');
  send('[]');
  send('{"id":902}');
  await client.open('a.ssp', 'let a = b\n');
  const { diagnostics } = await client.diagnostics('a.ssp');
  expect(diagnostics.map((d) => d.code)).toEqual(['unknown-name']);
});

it('has nothing to say about documents that it does not know', async () => {
  const client = await startClient();
  for (const method of everything) {
    const found = await client.ask(method, 'none.ssp', { position: { line: 3, character: 3 } });
    const nothing = found === null || JSON.stringify(found).endsWith('"data":[]}');
    expect(nothing, `${method}: ${JSON.stringify(found)}`).toBe(true);
  }
});

it('answers positions outside of a text', async () => {
  const client = await startClient();
  await client.open('a.ssp', study);
  for (const position of [
    { line: 9999, character: 0 },
    { line: 0, character: 9999 },
  ]) {
    for (const method of everything) await client.ask(method, 'a.ssp', { position });
  }
});
