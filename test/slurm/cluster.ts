import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** The packages of Debian that a cluster on one machine is made of. */
const PACKAGES = ['munge', 'slurmctld', 'slurmd', 'slurm-client'];
const ACCOUNTING = ['slurmdbd', 'slurm-wlm-mysql-plugin', 'mariadb-server'];

export interface ClusterOptions {
  readonly nodes?: number;
  /** Processors that each node claims to have. */
  readonly cpus?: number;
  /** Seconds for which the controller remembers a job that has ended. */
  readonly minJobAge?: number;
  /** With a database, so that `sacct` answers. */
  readonly accounting?: boolean;
  /** Slurm itself looks every second how much memory a job has, and ends one that has more than it asked for. */
  readonly memoryKept?: boolean;
  readonly port: number;
}

/**
 * Slurm, the real one, on this machine: its controller and virtual nodes with two GPUs each that are
 * none, without systemd and cgroups. It needs root and Debian's packages, which it installs.
 */
export interface Cluster {
  readonly env: Readonly<Record<string, string>>;
  /** What one of Slurm's programs answers. */
  readonly ask: (program: string, ...words: readonly string[]) => string;
  /** The power goes: the daemon of a node and all that runs there, at once. */
  readonly killNode: (name: string) => void;
  readonly startNode: (name: string) => void;
  readonly stopController: () => Promise<void>;
  readonly startController: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Why no cluster can be started here; undefined where one can. */
export function whyNot(): string | undefined {
  if (process.platform !== 'linux') return 'Slurm runs on Linux alone';
  if (process.getuid?.() !== 0) return 'the daemons of a cluster need root';
  const has = spawnSync('slurmctld', ['-V']).status === 0;
  if (has || spawnSync('apt-get', ['--version']).status === 0) return undefined;
  return 'there is no slurmctld, and no apt-get to install it with';
}

function install(accounting: boolean): void {
  const wanted = [...PACKAGES, ...(accounting ? ACCOUNTING : [])];
  if (spawnSync('dpkg', ['-s', ...wanted], { stdio: 'ignore' }).status === 0) return;
  const policy = '/usr/sbin/policy-rc.d';
  let made = false;
  try {
    // Keeps apt from starting the services of the packages.
    writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755, flag: 'wx' });
    made = true;
  } catch {
    // There is one already.
  }
  try {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    execFileSync('apt-get', ['update', '-q'], { env, stdio: 'ignore' });
    const words = ['install', '-y', '-q', '--no-install-recommends', ...wanted];
    execFileSync('apt-get', words, { env, stdio: 'ignore' });
  } finally {
    if (made) rmSync(policy);
  }
}

export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const {
    nodes = 3,
    cpus = 4,
    minJobAge = 300,
    accounting = false,
    memoryKept = false,
    port,
  } = options;
  install(accounting);
  const root = mkdtempSync(join(tmpdir(), 'ssp-slurm-'));
  const at = (...parts: string[]): string => join(root, ...parts);
  for (const folder of ['etc', 'munge', 'state', 'log', 'db']) mkdirSync(at(folder));
  execFileSync('chmod', ['755', root]);
  const names = Array.from({ length: nodes }, (_, n) => `n${n + 1}`);
  for (const name of names) mkdirSync(at('spool', name), { recursive: true });
  const conf = at('etc', 'slurm.conf');
  const env = { SLURM_CONF: conf };
  const all = { ...process.env, ...env, PATH: `/usr/sbin:/sbin:${process.env.PATH}` };
  const daemons = new Map<string, number>();

  const daemon = (name: string, program: string, words: readonly string[], cwd = root): void => {
    const log = openSync(at('log', `${name}.out`), 'a');
    const child = spawn(program, [...words], {
      cwd,
      env: all,
      detached: true,
      stdio: ['ignore', log, log],
    });
    child.unref();
    if (child.pid !== undefined) daemons.set(name, child.pid);
  };
  const works = (program: string, ...words: readonly string[]): boolean =>
    spawnSync(program, [...words], { env: all, stdio: 'ignore', timeout: 20_000 }).status === 0;
  const until = async (what: string, is: () => boolean, seconds = 120): Promise<void> => {
    for (const end = Date.now() + seconds * 1000; !is(); await sleep(200)) {
      if (Date.now() > end) throw new Error(`gave up after ${seconds} s: ${what}; see ${root}/log`);
    }
  };
  const ask = (program: string, ...words: readonly string[]): string =>
    execFileSync(program, [...words], { env: all, encoding: 'utf8', timeout: 60_000 }).trim();
  const end = async (name: string): Promise<void> => {
    const pid = daemons.get(name);
    if (pid === undefined) return;
    daemons.delete(name);
    kill(pid, 'SIGTERM');
    await until(`${name} ends`, () => !isAlive(pid), 20).catch(() => kill(pid, 'SIGKILL'));
  };

  writeFileSync(at('munge', 'key'), randomBytes(128), { mode: 0o600 });
  const socket = at('munge', 'socket');
  daemon('munged', 'munged', [
    '-F',
    `--socket=${socket}`,
    `--key-file=${at('munge', 'key')}`,
    `--log-file=${at('munge', 'log')}`,
    `--pid-file=${at('munge', 'pid')}`,
    `--seed-file=${at('munge', 'seed')}`,
  ]);
  await until('munge', () => works('munge', '-S', socket, '-n'));
  // Devices, as Slurm tells a job only of those: /dev/null by other names.
  for (const gpu of ['gpu0', 'gpu1']) execFileSync('mknod', ['-m', '666', at(gpu), 'c', '1', '3']);
  writeFileSync(at('etc', 'cgroup.conf'), 'CgroupPlugin=cgroup/v1\n');
  writeFileSync(at('etc', 'gres.conf'), `NodeName=n[1-${nodes}] Name=gpu File=${root}/gpu[0-1]\n`);
  writeFileSync(
    conf,
    `ClusterName=test
SlurmctldHost=${hostname()}(127.0.0.1)
SlurmctldPort=${port}
AuthType=auth/munge
AuthInfo=socket=${socket}
CredType=cred/munge
SlurmUser=root
SlurmdUser=root
StateSaveLocation=${root}/state
SlurmdSpoolDir=${root}/spool/%n
SlurmctldPidFile=${root}/slurmctld.pid
SlurmdPidFile=${root}/slurmd-%n.pid
SlurmctldLogFile=${root}/log/slurmctld.log
SlurmdLogFile=${root}/log/slurmd-%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SwitchType=switch/none
${memoryKept ? 'JobAcctGatherType=jobacct_gather/linux\nJobAcctGatherFrequency=task=1\nJobAcctGatherParams=OverMemoryKill' : 'JobAcctGatherType=jobacct_gather/none'}
${accounting ? `AccountingStorageType=accounting_storage/slurmdbd\nAccountingStorageHost=127.0.0.1\nAccountingStoragePort=${port + 2}\nAccountingStoragePass=${socket}` : 'AccountingStorageType=accounting_storage/none'}
JobCompType=jobcomp/none
MailProg=/bin/true
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
DefMemPerCPU=100
SchedulerParameters=batch_sched_delay=0,sched_min_interval=0,sched_interval=2,bf_interval=1
SlurmdParameters=config_overrides
SlurmdTimeout=30
MessageTimeout=20
TCPTimeout=5
KillWait=5
ReturnToService=2
MinJobAge=${minJobAge}
MaxArraySize=2001
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
GresTypes=gpu
NodeName=n[1-${nodes}] NodeHostname=${hostname()} NodeAddr=127.0.0.1 Port=[${port + 11}-${port + 10 + nodes}] CPUs=${cpus} RealMemory=8000 Gres=gpu:2 State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE DefaultTime=60 PriorityTier=1 State=UP
PartitionName=urgent Nodes=ALL MaxTime=INFINITE DefaultTime=60 PriorityTier=10 PreemptMode=OFF State=UP
`,
  );
  if (accounting) {
    const sql = ['--no-defaults', '-u', 'root', `--socket=${root}/db/sock`];
    execFileSync(
      'mariadb-install-db',
      [
        '--no-defaults',
        '--user=root',
        `--datadir=${root}/db`,
        '--auth-root-authentication-method=normal',
        '--skip-test-db',
      ],
      { stdio: 'ignore' },
    );
    daemon('mariadbd', 'mariadbd', [
      '--no-defaults',
      '--user=root',
      `--datadir=${root}/db`,
      `--socket=${root}/db/sock`,
      `--port=${port + 3}`,
      '--bind-address=127.0.0.1',
      `--pid-file=${root}/db/pid`,
    ]);
    await until('mariadb', () => works('mariadb', ...sql, '-e', 'select 1'));
    ask(
      'mariadb',
      ...sql,
      '-e',
      "create user slurm@localhost identified by 'slurm'; create user slurm@'127.0.0.1' identified by 'slurm'; grant all on slurm_acct_db.* to slurm@localhost; grant all on slurm_acct_db.* to slurm@'127.0.0.1'",
    );
    const settings = [
      'AuthType=auth/munge',
      `AuthInfo=socket=${socket}`,
      `DbdHost=${hostname()}`,
      'DbdAddr=127.0.0.1',
      `DbdPort=${port + 2}`,
      'SlurmUser=root',
      `LogFile=${root}/log/slurmdbd.log`,
      `PidFile=${root}/slurmdbd.pid`,
      'StorageType=accounting_storage/mysql',
      'StorageHost=127.0.0.1',
      `StoragePort=${port + 3}`,
      'StorageUser=slurm',
      'StoragePass=slurm',
      'StorageLoc=slurm_acct_db',
    ];
    writeFileSync(at('etc', 'slurmdbd.conf'), `${settings.join('\n')}\n`, { mode: 0o600 });
    daemon('slurmdbd', 'slurmdbd', ['-D']);
    await until('slurmdbd', () => works('sacctmgr', '-n', 'show', 'cluster'));
  }

  const startController = async (): Promise<void> => {
    daemon('slurmctld', 'slurmctld', ['-D']);
    await until('slurmctld', () => works('squeue', '-h'));
  };
  // The folder tells which steps are of which node.
  const startNode = (name: string): void =>
    daemon(name, 'slurmd', ['-D', '-N', name], at('spool', name));
  const killNode = (name: string): void => {
    const pid = daemons.get(name);
    daemons.delete(name);
    if (pid !== undefined) kill(pid, 'SIGKILL');
    for (const other of processesOf(conf, at('spool', name), name)) kill(other, 'SIGKILL');
  };
  await startController();
  for (const name of names) startNode(name);
  const idle = (): boolean =>
    ask('sinfo', '-h', '-N', '-p', 'main', '-o', '%t')
      .split('\n')
      .filter((s) => s === 'idle').length === nodes;
  await until('nodes', idle);
  return {
    env,
    ask,
    killNode,
    startNode,
    stopController: () => end('slurmctld'),
    startController,
    stop: async () => {
      for (const name of names) killNode(name);
      for (const name of [...daemons.keys()].reverse()) await end(name);
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** The steps of a node, which work in its folder, and the processes of its jobs. */
function processesOf(conf: string, folder: string, node: string): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        if (readlinkSync(`/proc/${name}/cwd`) === folder) return true;
        const set = readFileSync(`/proc/${name}/environ`, 'utf8').split('\0');
        return set.includes(`SLURM_CONF=${conf}`) && set.includes(`SLURMD_NODENAME=${node}`);
      } catch {
        return false; // it has ended meanwhile
      }
    })
    .map(Number);
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It is gone.
  }
}

function isAlive(pid: number): boolean {
  try {
    // A child that has ended and was not waited for is none.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
