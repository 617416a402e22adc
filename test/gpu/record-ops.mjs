// Loaded before a worker (`node --import`): writes down what the worker gives TensorFlow, each kind of op
// with the types that choose its kernel, and the graphs of its steps as a GPU gets them. Into the
// folder SSP_RECORD_OPS.
import { copyFileSync, writeFileSync } from 'node:fs';
import Module from 'node:module';
import { join } from 'node:path';

const folder = process.env.SSP_RECORD_OPS;
const seen = new Map();
let graphs = 0;

const load = Module._load;
Module._load = function (request, ...rest) {
  const loaded = load.call(this, request, ...rest);
  return String(request).endsWith('tfjs_binding.node') ? recording(loaded) : loaded;
};

function recording(binding) {
  const names = Object.getOwnPropertyNames(binding);
  const copy = Object.fromEntries(names.map((name) => [name, binding[name]]));
  return {
    ...copy,
    // Steps are compiled for a GPU: without what the processor alone is quicker by.
    isUsingGpuDevice: () => true,
    executeOp(op, attrs, ...more) {
      const types = attrs.filter(({ type }) => type === binding.TF_ATTR_TYPE);
      note(
        op,
        types.map(({ name, value }) => [name, value]),
      );
      return binding.executeOp(op, attrs, ...more);
    },
    loadSavedModel(path, tag) {
      copyFileSync(join(path, 'saved_model.pb'), join(folder, `${process.pid}-${graphs++}.pb`));
      return binding.loadSavedModel(path, tag);
    },
  };
}

function note(op, types) {
  const key = JSON.stringify([op, Object.fromEntries(types)]);
  seen.set(key, (seen.get(key) ?? 0) + 1);
}

process.on('exit', () => {
  if (seen.size === 0) return;
  const ops = [...seen].map(([key, count]) => [...JSON.parse(key), count]);
  const of = process.argv.slice(2).join(' ');
  writeFileSync(join(folder, `${process.pid}.json`), JSON.stringify({ of, ops }));
});
