/** Reasons of Slurm for which a job starts only when somebody does something, and what that is. */
const STUCK: Readonly<Record<string, string>> = {
  JobHeldUser: 'it is held; `scontrol release JOB` lets it go on',
  JobHeldAdmin: 'it is held by an administrator',
  launch_failed_requeued_held:
    'its node could not start it and it is held; `scontrol release JOB` lets it try again',
  DependencyNeverSatisfied: 'what it depends on has failed; `scancel JOB` ends it',
  PartitionTimeLimit:
    'its time is longer than the partition allows; lower its `@timeout` or write `time` in the site file',
  PartitionNodeLimit: 'the partition has no room of this kind',
  PartitionConfig:
    'no node of the partition has as much as it asks for; lower its `@cpus`, `@memory` or `@gpu`, or `cpus` or `memory` in the site file',
  PartitionDown: 'the partition is down',
  PartitionInactive: 'the partition is inactive',
  AccountNotAllowed: 'its account may not use the partition',
  InvalidAccount: 'its account is not known',
  QOSNotAllowed: 'its QOS may not use the partition',
  InvalidQOS: 'its QOS is not known',
  BadConstraints: 'no node has what it asks for',
};

const HELD = STUCK.JobHeldUser ?? '';

/** Does Slurm name a limit on what one job may ask for? With more it never starts, however long it waits. */
export const isLimitOfOneJob = (said: string): boolean =>
  /\b(Assoc|QOS)(Max\w+Per(Job|Node)\w*|Min\w+)\b/.test(said);

/** Why a job that waits stays waiting until somebody does something; undefined where it goes on by itself. */
export function stuckBecause(state: string, reason: string, job: string): string | undefined {
  const why = explained(state, reason.replaceAll(' ', '_'));
  return why?.replaceAll('JOB', job);
}

function explained(state: string, reason: string): string | undefined {
  if (state === 'REQUEUE_HOLD' || state === 'SPECIAL_EXIT') return HELD;
  const known = STUCK[reason];
  if (known !== undefined) return known;
  // As in `job requeued in held state`, `JobHoldMaxRequeue`, which versions write differently.
  if (/held|JobHold/i.test(reason)) return HELD;
  if (isLimitOfOneJob(reason))
    return `it asks for more or less than its account or QOS lets one job have (${reason})`;
  return undefined;
}
