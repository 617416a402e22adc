// The graphs of trainings, one after another in this process: each is made as its stage makes it, written
// down by record-ops.js, and not run. `node graphs.mjs PLAN STORE ID…` takes stages of the document of
// `ssp plan --json`, whose inputs are in the store.

import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Store } from '../../dist/execute/store/store.js';
import { loadStage } from '../../dist/library/load.js';
import { loadTensorFlow } from '../../dist/tensor/load.js';
import { tf } from '../../dist/tensor/tf.js';
import { recording } from './record-ops.js';

const [, , plan, root, ...wanted] = process.argv;
const { stages } = JSON.parse(readFileSync(plan, 'utf8'));
const store = new Store(root);
const byId = new Map(stages.map((stage) => [stage.id, stage]));
/** Results that are there, by the stage's name. */
const outputs = new Map(
  stages.flatMap(({ id, key }) => {
    const found = key ? store.find(key) : { kind: 'miss' };
    return found.kind === 'hit' ? [[id, found.record.output]] : [];
  }),
);
loadTensorFlow({ threads: 1, device: 'cpu' });
recording.graphsAlone = true;
const folder = mkdtempSync(join(tmpdir(), 'ssp-graphs-'));
try {
  for (const [number, id] of wanted.entries()) await graphOf(byId.get(id), `${number}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function graphOf({ id, stage, params }, name) {
  recording.of = id;
  const { graphs } = recording;
  const parts = ['out', 'temporary', 'checkpoint'].map((part) => [part, join(folder, name, part)]);
  for (const [, made] of parts) mkdirSync(made, { recursive: true });
  const work = await loadStage(stage);
  tf.engine().startScope();
  let error;
  try {
    await work({
      record: { params: withArtifacts(params) },
      artifact: opened,
      ...Object.fromEntries(parts),
      threads: 1,
      progress() {},
      log() {},
      remark() {},
    });
  } catch (thrown) {
    error = thrown;
  } finally {
    tf.engine().endScope();
    rmSync(join(folder, name), { recursive: true, force: true });
  }
  if (recording.graphs > graphs) return;
  process.exitCode = 1;
  console.log(`FAILED: no graph of ${id}: ${error?.message ?? 'its stage made none'}`);
}

/** Parameters as the key of the stage has them: inputs by their digests. */
function withArtifacts(value) {
  if (Array.isArray(value)) return value.map(withArtifacts);
  if (typeof value !== 'object' || value === null) return value;
  if (typeof value.input === 'string') return { artifact: outputs.get(value.input).digest };
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [name, withArtifacts(field)]),
  );
}

async function opened(wanted) {
  const output = [...outputs.values()].find(({ digest }) => digest === wanted);
  const { type, digest, metrics, files } = output;
  const paths = Object.entries(files).map(([name, blob]) => [name, store.blobPath(blob.digest)]);
  return { type, digest, metrics, files: Object.fromEntries(paths) };
}
