import { access, constants, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import pc from 'picocolors';
import { collectFacts, type Fact } from '../../runtime/facts.js';
import { command, common } from '../command.js';
import type { Io } from '../io.js';
import { storeFolder } from '../study/store-folder.js';

export const doctor = command({
  name: 'doctor',
  summary: 'say what this machine can do, and what is wrong',
  arguments: [],
  options: [common.store, common.json],
  examples: ['ssp doctor', 'ssp doctor --json'],
  async run(io, _args, options) {
    const facts = [
      ...(await collectFacts({ env: io.env })),
      await storeFact(storeFolder(io, options)),
    ];
    const wrong = facts.filter((fact) => fact.problem !== undefined);
    if (options.json) io.out(JSON.stringify({ version: 1, facts }, null, 2));
    else {
      print(io, facts);
      io.err(wrong.length === 0 ? 'nothing is wrong' : `${wrong.length} wrong`);
    }
    return wrong.length === 0 ? 0 : 1;
  },
});

function print(io: Io, facts: readonly Fact[]): void {
  const { red, dim, yellow } = pc.createColors(io.colour.out);
  const width = Math.max(...facts.map((fact) => fact.label.length));
  for (const { label, value, problem, fix } of facts) {
    io.out(`${dim(label.padEnd(width))}  ${value}`);
    if (problem !== undefined) io.out(`${' '.repeat(width)}  ${red('wrong:')} ${problem}`);
    if (fix !== undefined) io.out(`${' '.repeat(width)}  ${yellow('fix:')} ${fix}`);
  }
}

/** Whether results can be kept there, and how much room there is. */
async function storeFact(folder: string): Promise<Fact> {
  const base = { id: 'store', label: 'store' };
  for (let at = folder; ; at = dirname(at)) {
    try {
      await access(at, constants.W_OK);
      const { bavail, bsize } = await statfs(at);
      const free = `${((bavail * bsize) / 1e9).toFixed(1)} GB free`;
      return { ...base, value: `${folder} (${at === folder ? '' : 'not made yet, '}${free})` };
    } catch (error) {
      const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
      if (missing && at !== dirname(at)) continue;
      return {
        ...base,
        value: folder,
        problem: `${at} cannot be written to`,
        fix: 'choose another folder with --store or SSP_STORE',
      };
    }
  }
}
