/** What is used of WebAssembly, which Node's types do not declare. */
declare const WebAssembly: {
  readonly Memory: new (size: { initial: number }) => Memory;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: { env: { memory: Memory } },
  ) => { readonly exports: unknown };
};

/** The memory that a module computes in. */
export interface Memory {
  readonly buffer: ArrayBuffer;
  /** By a number of pages, of 64 KiB; views of the buffer before are empty then. */
  grow(pages: number): void;
}

const PAGE = 65_536;

/** Starts a module, given in base64, with a page of memory. */
export function startLoops<Loops>(base64: string): {
  readonly memory: Memory;
  readonly loops: Loops;
} {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const module = new WebAssembly.Module(Buffer.from(base64, 'base64'));
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  return { memory, loops: exports as Loops };
}

/** Makes a memory of `bytes` at least. */
export function growTo(memory: Memory, bytes: number): void {
  const lack = bytes - memory.buffer.byteLength;
  if (lack > 0) memory.grow(Math.ceil(lack / PAGE));
}
