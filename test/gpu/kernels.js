// What the CUDA build of TensorFlow has kernels for, asked of its libraries: they load without a GPU.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const { BinaryReader } = require('google-protobuf');

/** Kernels by op: each a device, and for each attribute the types that it takes. */
export function kernelsOf(ops, runtime) {
  const folder = mkdtempSync(join(tmpdir(), 'ssp-kernels-'));
  try {
    const program = join(folder, 'kernels');
    const libraries = join(runtime, 'tensorflow');
    execFileSync('gcc', [
      fileURLToPath(new URL('kernels.c', import.meta.url)),
      `-I${join(runtime, 'include')}`,
      join(libraries, 'libtensorflow_cc.so.2'),
      join(libraries, 'libtensorflow_framework.so.2'),
      `-Wl,-rpath,${libraries}`,
      '-Wl,--allow-shlib-undefined',
      '-o',
      program,
    ]);
    const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3' };
    const printed = execFileSync(program, ops, { encoding: 'utf8', env, maxBuffer: 2 ** 28 });
    const lines = printed.trim().split('\n');
    return new Map(
      lines.map((line) => {
        const [op, hex = ''] = line.split(' ');
        return [op, kernelList(Buffer.from(hex, 'hex'))];
      }),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Calls back for each field of a message: its number, and a reader that stands at its value. */
function fields(bytes, visit) {
  const reader = new BinaryReader(bytes);
  while (reader.nextField() && !reader.isEndGroup()) {
    if (visit(reader.getFieldNumber(), reader) === undefined) reader.skipField();
  }
}

const text = (bytes) => Buffer.from(bytes).toString('utf8');

/** kernel_def.proto: KernelList { KernelDef kernel = 1 }. */
function kernelList(bytes) {
  const kernels = [];
  fields(bytes, (field, reader) => {
    if (field !== 1) return undefined;
    kernels.push(kernel(reader.readBytes()));
    return true;
  });
  return kernels;
}

/** KernelDef { device_type = 2, AttrConstraint constraint = 3, label = 5 }. */
function kernel(bytes) {
  let [device, label] = ['', ''];
  const types = new Map();
  fields(bytes, (field, reader) => {
    if (field === 2) device = text(reader.readBytes());
    else if (field === 5) label = text(reader.readBytes());
    else if (field === 3) types.set(...constraint(reader.readBytes()));
    else return undefined;
    return true;
  });
  return { device, label, types };
}

/** AttrConstraint { name = 1, AttrValue allowed_values = 2 { ListValue list = 1 { DataType type = 6 } } }. */
function constraint(bytes) {
  let name = '';
  const types = new Set();
  const list = (of) =>
    fields(of, (field, reader) => {
      if (field !== 6) return undefined;
      for (const type of reader.readPackedEnum()) types.add(type);
      return true;
    });
  fields(bytes, (field, reader) => {
    if (field === 1) name = text(reader.readBytes());
    else if (field === 2)
      fields(reader.readBytes(), (inner, value) => {
        if (inner !== 1) return undefined;
        list(value.readBytes());
        return true;
      });
    else return undefined;
    return true;
  });
  return [name, types];
}
