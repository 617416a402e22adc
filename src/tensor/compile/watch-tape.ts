import { tf } from '../tf.js';
import { captureSite } from './call-site.js';

/** A gradient that runs: of which op, and who had called it. */
export interface Gradient {
  readonly gradientOf: string;
  readonly site: Error;
}

/** What of TensorFlow.js's engine its types keep to itself. */
interface Engine {
  addTapeNode(kernel: string | undefined, ...rest: unknown[]): void;
  readonly state: { readonly activeTape: { gradient?: (dys: unknown) => unknown }[] | null };
}

/** Notes who calls each op that has a gradient, and which of these gradients runs. */
export function watchTape(): { current(): Gradient | undefined; end(): void } {
  const engine = tf.engine() as unknown as Engine; // there since 2019
  const { addTapeNode } = engine;
  let running: Gradient | undefined;
  engine.addTapeNode = (kernel, ...rest) => {
    addTapeNode.call(engine, kernel, ...rest);
    const node = engine.state.activeTape?.at(-1);
    const gradient = node?.gradient;
    if (node === undefined || gradient === undefined) return;
    const own = { gradientOf: kernel ?? 'an op with a gradient of its own', site: captureSite() };
    node.gradient = (dys) => {
      running = own;
      try {
        // What it gives are functions, which compute when they are asked.
        return lazily(gradient(dys), (work) => {
          running = own;
          try {
            return work();
          } finally {
            running = undefined;
          }
        });
      } finally {
        running = undefined;
      }
    };
  };
  return {
    current: () => running,
    end: () => {
      engine.addTapeNode = addTapeNode;
    },
  };
}

/** The gradients of an op by its inputs, each computed inside of `within`. */
function lazily(given: unknown, within: (work: () => unknown) => unknown): unknown {
  if (typeof given !== 'object' || given === null) return given;
  return Object.fromEntries(
    Object.entries(given).map(([name, work]) => [
      name,
      typeof work === 'function' ? () => within(() => work()) : work,
    ]),
  );
}
