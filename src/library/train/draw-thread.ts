// The thread of `draws-ahead.ts`: asked for a step, it leaves what is drawn for it in a room of shared memory.
import { parentPort, workerData } from 'node:worker_threads';
import type { HostArrays } from '../../tensor/views/draws/host-array.js';
import { type Drawing, drawnViews } from './drawn-views.js';

export interface DrawRequest {
  readonly step: number;
  readonly room: number;
}

/** A step is drawn; a room that is new comes with it. */
export interface Drawn extends DrawRequest {
  readonly arrays?: HostArrays;
}

const drawing = workerData as Drawing;
const rooms = new Map<number, HostArrays>();

parentPort?.on('message', ({ step, room }: DrawRequest) => {
  const drawn = drawnViews(drawing, step);
  const before = rooms.get(room);
  const arrays = before ?? roomFor(drawn);
  for (const [name, { values }] of Object.entries(drawn)) arrays[name]?.values.set(values);
  rooms.set(room, arrays);
  const told: Drawn = { step, room, ...(before === undefined && { arrays }) };
  parentPort?.postMessage(told);
});

/** Arrays of the same shapes in memory that threads share. */
function roomFor(arrays: HostArrays): HostArrays {
  return Object.fromEntries(
    Object.entries(arrays).map(([name, { values, ...kind }]) => {
      const shared = new SharedArrayBuffer(values.byteLength);
      const own =
        values instanceof Float32Array ? new Float32Array(shared) : new Uint8Array(shared);
      return [name, { ...kind, values: own }];
    }),
  );
}
