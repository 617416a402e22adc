// Loaded before a worker (`node --import`), or imported first: writes down what the process gives
// TensorFlow, each kind of op with the attributes that choose its kernel, and the graphs of its steps as a
// GPU gets them. Into the folder SSP_RECORD_OPS.
import { copyFileSync, writeFileSync } from 'node:fs';
import Module from 'node:module';
import { join } from 'node:path';

const folder = process.env.SSP_RECORD_OPS;
const seen = new Map();

/** What is recorded now. */
export const recording = {
  /** Of what, for people. */
  of: process.argv.slice(2).join(' '),
  /** How many graphs there are so far. */
  graphs: 0,
  /** A graph is not run once it is written down: what made it fails. */
  graphsAlone: false,
};

const load = Module._load;
Module._load = function (request, ...rest) {
  const loaded = load.call(this, request, ...rest);
  return String(request).endsWith('tfjs_binding.node') ? recorded(loaded) : loaded;
};

function recorded(binding) {
  const names = Object.getOwnPropertyNames(binding);
  const copy = Object.fromEntries(names.map((name) => [name, binding[name]]));
  return {
    ...copy,
    // Steps are compiled for a GPU: without what the processor alone is quicker by.
    isUsingGpuDevice: () => true,
    executeOp(op, attrs, ...more) {
      const telling = attrs.filter(
        // Batch norm's gradient has a deterministic kernel in training alone.
        ({ name, type }) => type === binding.TF_ATTR_TYPE || name === 'is_training',
      );
      note(
        op,
        telling.map(({ name, value }) => [name, value]),
      );
      return binding.executeOp(op, attrs, ...more);
    },
    loadSavedModel(path, tag) {
      const name = join(folder, `${process.pid}-${recording.graphs++}`);
      copyFileSync(join(path, 'saved_model.pb'), `${name}.pb`);
      writeFileSync(`${name}.of`, recording.of);
      if (recording.graphsAlone) throw new Error('the graph is written down');
      return binding.loadSavedModel(path, tag);
    },
  };
}

function note(op, attrs) {
  const key = JSON.stringify([op, Object.fromEntries(attrs)]);
  const { count, of } = seen.get(key) ?? { count: 0, of: recording.of };
  seen.set(key, { count: count + 1, of });
}

process.on('exit', () => {
  if (seen.size === 0) return;
  const ops = [...seen].map(([key, { count, of }]) => [...JSON.parse(key), count, of]);
  writeFileSync(join(folder, `${process.pid}.json`), JSON.stringify(ops));
});
