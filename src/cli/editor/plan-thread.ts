import { parentPort } from 'node:worker_threads';
import type { PlanAnswer, PlanJob } from './background-planner.js';
import { statesFor } from './states-for.js';

parentPort?.on('message', async (job: PlanJob) => {
  const states = await statesFor(job).catch(() => undefined);
  const answer: PlanAnswer = { id: job.id, states: states && [...states] };
  parentPort?.postMessage(answer);
});
