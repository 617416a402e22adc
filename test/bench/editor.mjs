// How long after a keystroke in a 2,000-line file the server has its diagnostics, and how long
// completion and hover take then: node test/bench/editor.mjs
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import {
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';

const lines = 2000;
const keystrokes = 60;

/** A study of many parts: each has a param, an axis, stages, a calculation, a table and a claim. */
function study() {
  const head = `import std.data.emoji
import std.pairs.{semantic_pairs, augmented_pairs}
import std.views.simclr_views
import std.ssl.simclr
import std.backbone.resnet18
import std.train.pretrain
import std.probe.linear_probe

axis seed = 1..3
dataset emojis = emoji(size: 32px)
`;
  const part = (i) => `
/// How often, in part ${i}.
param epochs_${i}: Int(1..) = 20
axis pairs_${i} = {sp: semantic_pairs(emojis, seed: seed), ap: augmented_pairs(emojis, seed: seed)}
transform views_${i} = simclr_views(size: 32px, scale: 0.2..1.0)

/// The encoder of part ${i}.
@retries(1)
train encoder_${i} = pretrain(
  pairs_${i},
  views_${i},
  simclr(temperature: 20%, hidden: 128, dim: 64),
  backbone: resnet18(width: 16, stem: "small"),
  epochs: epochs_${i},
  batch: 256,
  seed: seed,
)
evaluate group_${i} = linear_probe(encoder_${i}, emojis, label: "group")
let gain_${i} = group_${i}.top1[pairs_${i}: sp] - group_${i}.top1[pairs_${i}: ap]
report table_${i} = table({gain: gain_${i}}, over: seed)
expect mean(gain_${i}, over: seed) > 0%
`;
  let text = head;
  for (let i = 0; text.split('\n').length < lines; i++) text += part(i);
  return text;
}

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const server = spawn(process.execPath, [main, 'lsp', '--stdio'], {
  stdio: ['pipe', 'pipe', 'inherit'],
});
const connection = createProtocolConnection(
  new StreamMessageReader(server.stdout),
  new StreamMessageWriter(server.stdin),
);
let arrived = () => {};
connection.onNotification('textDocument/publishDiagnostics', (p) => arrived(p));
connection.listen();
await connection.sendRequest('initialize', {
  processId: process.pid,
  rootUri: null,
  capabilities: {},
});
await connection.sendNotification('initialized', {});

const uri = 'file:///bench/study.ssp';
let text = study();
let version = 1;
const published = () =>
  new Promise((resolve) => {
    arrived = (p) => p.version === version && resolve(p);
  });
const first = published();
const opened = performance.now();
await connection.sendNotification('textDocument/didOpen', {
  textDocument: { uri, languageId: 'ssp', version, text },
});
const { diagnostics } = await first;
const opening = performance.now() - opened;
if (diagnostics.length > 0) throw new Error(JSON.stringify(diagnostics[0]));

/** Milliseconds that the server has used the processors, all threads together; Linux tells. */
function serverCpu() {
  try {
    const fields = readFileSync(`/proc/${server.pid}/stat`, 'utf8').split(') ')[1].split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return Number.NaN;
  }
}

const pause = () => new Promise((resolve) => setTimeout(resolve, 60));
const times = { diagnostics: [], completion: [], hover: [] };
const middle = text
  .split('\n')
  .findIndex((line, i) => i > lines / 2 && line.startsWith('let gain'));
const word = '+ group';
const before = serverCpu();
for (let i = 0; i < keystrokes; i++) {
  await pause();
  version += 1;
  const character = text.split('\n')[middle].length;
  const key = word[i % word.length];
  const rows = text.split('\n');
  rows[middle] += key;
  text = rows.join('\n');
  const done = published();
  const pressed = performance.now();
  await connection.sendNotification('textDocument/didChange', {
    textDocument: { uri, version },
    contentChanges: [
      {
        range: { start: { line: middle, character }, end: { line: middle, character } },
        text: key,
      },
    ],
  });
  await done;
  times.diagnostics.push(performance.now() - pressed);
  for (const [name, method] of [
    ['completion', 'textDocument/completion'],
    ['hover', 'textDocument/hover'],
  ]) {
    const asked = performance.now();
    await connection.sendRequest(method, {
      textDocument: { uri },
      position: { line: middle, character: name === 'hover' ? 6 : character + 1 },
    });
    times[name].push(performance.now() - asked);
  }
}

const used = (serverCpu() - before) / keystrokes;
const quantile = (list, q) => [...list].sort((a, b) => a - b)[Math.floor(q * (list.length - 1))];
const ms = (value) => `${value.toFixed(1)} ms`;
console.log(`${text.split('\n').length} lines, ${cpus().length} x ${cpus()[0]?.model}`);
console.log(`opening                ${ms(opening)}`);
for (const [name, list] of Object.entries(times)) {
  console.log(
    `${name.padEnd(12)} median ${ms(quantile(list, 0.5))}, 90 % within ${ms(quantile(list, 0.9))}, longest ${ms(quantile(list, 1))}`,
  );
}
console.log(`the server used the processors for ${ms(used)} a keystroke, questions included`);
console.log(`load average ${loadavg()[0].toFixed(1)}`);
await connection.sendRequest('shutdown');
await connection.sendNotification('exit');
