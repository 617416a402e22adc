// The thread of `draws-ahead.ts`: a message is a step, and is answered with what is drawn for it.
import { parentPort, workerData } from 'node:worker_threads';
import { type Drawing, drawnViews } from './drawn-views.js';

const drawing = workerData as Drawing;

parentPort?.on('message', (step: number) => {
  const arrays = drawnViews(drawing, step);
  const buffers = Object.values(arrays).map(({ values }) => values.buffer as ArrayBuffer);
  parentPort?.postMessage({ step, arrays }, buffers);
});
