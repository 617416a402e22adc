import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { invariant } from '../../base/errors.js';
import { nativeBackend } from '../native.js';
import type { tf } from '../tf.js';
import { cannotCompile } from './cannot-compile.js';
import { encodeGraph, graphTag } from './encode-graph.js';
import type { GraphNode, Ref } from './graph.js';
import { nativeIds, tensorOf } from './native-tensors.js';

/** A graph inside TensorFlow. */
export interface Session {
  /** Runs what the fetched nodes need; the caller owns the results. */
  run(feeds: readonly (readonly [Ref, tf.Tensor])[], fetches: readonly Ref[]): tf.Tensor[];
  dispose(): void;
}

/** Loads nodes into TensorFlow as one graph. @throws SspError `cannot-compile` when it refuses them. */
export function openSession(nodes: readonly GraphNode[]): Session {
  const { binding } = nativeBackend();
  const folder = mkdtempSync(join(tmpdir(), 'ssp-graph-'));
  let id: number | undefined;
  try {
    writeFileSync(join(folder, 'saved_model.pb'), encodeGraph(nodes));
    id = binding.loadSavedModel(folder, graphTag);
  } catch (cause) {
    throw refused(nodes, cause);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return {
    run(feeds, fetches) {
      invariant(id !== undefined, 'the graph was disposed');
      const ids = nativeIds(feeds.map(([, tensor]) => tensor));
      const names = feeds.map(([ref]) => ref).join(',');
      const results = binding.runSavedModel(id, ids, names, fetches.join(','));
      return results.map(tensorOf);
    },
    dispose() {
      if (id !== undefined) binding.deleteSavedModel(id);
      id = undefined;
    },
  };
}

/** TensorFlow names a node; we say which op of the step that is. */
function refused(nodes: readonly GraphNode[], cause: unknown): Error {
  const message = cause instanceof Error ? cause.message : String(cause);
  const named = message.match(/\bnode (\w+\/\w+)|'(\w+\/\w+)'/);
  const node = nodes.find(({ name }) => name === (named?.[1] ?? named?.[2]));
  return cannotCompile(
    `TensorFlow does not take the step as a graph${node ? `, because of ${node.op}` : ''}: ${message.split('\n')[0]}`,
    {
      site: node?.site,
      cause,
      help: 'A native op may lack an attribute that eager calls infer: name all of them.',
    },
  );
}
