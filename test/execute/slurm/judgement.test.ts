import { expect, it } from 'vitest';
import { judge, type Known } from '../../../src/execute/slurm/judgement.js';
import type { Status } from '../../../src/execute/slurm/status.js';

const known: Known = {
  id: 'a',
  log: 'a.log',
  job: '12_3',
  behind: false,
  status: undefined,
  queued: undefined,
  accounted: undefined,
  early: false,
  said: '',
};
const on = { node: 'n1', restarts: 0, before: 0 };
const working: Status = { ...on, state: 'working' };
const stopped: Status = { ...on, state: 'stopped', seconds: 5 };
const inQueue = (state: string, reason = 'None') => ({ queued: { state, reason } });
/** The kind of an answer, with the code of a failure. */
const answer = (what: Partial<Known>): string => {
  const found = judge({ ...known, ...what });
  return found.kind === 'failed' ? `${found.kind} ${found.failure.code}` : found.kind;
};

it('believes the node before the controller', () => {
  const failure = { code: 'stage-error', message: 'x', retry: false };
  expect(
    answer({ status: { ...on, state: 'done', outcome: 'ran' }, ...inQueue('CANCELLED') }),
  ).toBe('done');
  expect(answer({ status: { ...on, state: 'failed', failure }, ...inQueue('RUNNING') })).toBe(
    'failed stage-error',
  );
});

it.each([
  ['PENDING', undefined, 'waits'],
  ['RUNNING', undefined, 'works'],
  ['RUNNING', working, 'works'],
  ['REQUEUED', stopped, 'waits'],
  ['TELEPORTING', working, 'waits'],
  ['CANCELLED', undefined, 'failed cancelled'],
  ['CANCELLED', working, 'failed cancelled'],
  ['TIMEOUT', stopped, 'failed timeout'],
  ['OUT_OF_MEMORY', working, 'failed out-of-memory'],
  ['NODE_FAIL', working, 'lost'],
  ['BOOT_FAIL', undefined, 'lost'],
  ['PREEMPTED', stopped, 'lost'],
  ['FAILED', undefined, 'failed not-started'],
  ['FAILED', working, 'failed crash'],
  ['FAILED', stopped, 'lost'],
  ['COMPLETED', undefined, 'failed not-started'],
] as const)('takes %s for what it is, by the queue or by accounting', (state, status, expected) => {
  expect(answer({ ...inQueue(state), status })).toBe(expected);
  const over = !['waits', 'works'].includes(expected);
  if (over) expect(answer({ accounted: state, status })).toBe(expected);
});

it('loses nothing that Slurm has forgotten, and does not fight one who cancels', () => {
  expect(answer({})).toBe('lost');
  expect(answer({ status: working })).toBe('lost');
  expect(answer({ status: stopped })).toBe('failed cancelled');
  expect(answer({ early: true })).toBe('waits');
});

it('blames no point for what another point of its task has done', () => {
  for (const state of ['OUT_OF_MEMORY', 'TIMEOUT', 'FAILED', 'COMPLETED']) {
    expect(answer({ behind: true, ...inQueue(state) })).toBe('lost');
    expect(answer({ behind: true, status: working, ...inQueue(state) })).not.toBe('lost');
  }
  expect(answer({ behind: true, ...inQueue('CANCELLED') })).toBe('failed cancelled');
});

it('believes the daemon of the node that memory was what ended it', () => {
  const said = `slurmstepd-n1: error: StepId=2.batch exceeded memory limit (640708608 > 629145600), being killed
slurmstepd-n1: error: Exceeded job memory limit`;
  expect(answer({ status: working, ...inQueue('FAILED'), said })).toBe('failed out-of-memory');
  const killed = 'slurmstepd: error: Detected 1 oom_kill event in StepId=12.batch.';
  expect(answer({ status: working, ...inQueue('FAILED'), said: killed })).toBe(
    'failed out-of-memory',
  );
  expect(answer({ status: working, ...inQueue('FAILED'), said: 'memory limit' })).toBe(
    'failed crash',
  );
});

it('says what a job that cannot start waits for', () => {
  expect(judge({ ...known, ...inQueue('PENDING', 'JobHeldUser') })).toEqual({
    kind: 'waits',
    why: 'it is held; `scontrol release 12_3` lets it go on',
    stuck: true,
  });
  for (const reason of [
    'BadConstraints',
    'PartitionNodeLimit',
    'PartitionConfig',
    'DependencyNeverSatisfied',
    'job requeued in held state',
    'launch failed requeued held',
    'JobHoldMaxRequeue',
    'QOSMaxCpuPerJobLimit',
    'AssocMaxWallDurationPerJobLimit',
    'QOSMinGRES',
    'InvalidQOS',
  ]) {
    expect(judge({ ...known, ...inQueue('PENDING', reason) })).toMatchObject({ stuck: true });
  }
  for (const why of [
    'Resources',
    'Priority',
    'BeginTime',
    'QOSMaxJobsPerUserLimit',
    'AssocGrpCpuLimit',
  ]) {
    expect(judge({ ...known, ...inQueue('PENDING', why) })).toEqual({ kind: 'waits', why });
  }
});
