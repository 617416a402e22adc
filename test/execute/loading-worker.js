// A worker that loads for a while before a stage may begin: says on its output when it has.
import { setTimeout as wait } from 'node:timers/promises';
import { serveDriver } from '../../dist/execute/worker/worker-channel.js';

const load = async () => {
  await wait(300);
  process.stdout.write('loaded\n');
};

serveDriver(async () => {
  process.stdout.write('at work\n');
  return { outcome: 'ran' };
}, load());
