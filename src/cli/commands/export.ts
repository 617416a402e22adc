import { chmodSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { counted } from '../../base/counted.js';
import { UsageError } from '../../base/errors.js';
import { writeFileWhole, writing } from '../../base/write-file.js';
import { pointsToRun } from '../../execute/schedule/run.js';
import { arraysOf, type OpenPoint, staticScript } from '../../execute/slurm/static-script.js';
import { gpusFor } from '../../execute/slurm/submission.js';
import { planPoints } from '../../plan/build-plan.js';
import { decidedBy } from '../../plan/halving.js';
import { computes } from '../../plan/key.js';
import { command, common } from '../command.js';
import { classOnNodes } from '../executors/class-on-nodes.js';
import { numericClass } from '../executors/numeric-class.js';
import { siteFor } from '../executors/site-file.js';
import { holdBuildForJobs } from '../hold-build.js';
import { outputPath } from '../study/output-path.js';
import { settings } from '../study/pipeline.js';
import { openProgram, worldOf } from '../study/session.js';

const main = fileURLToPath(new URL('../main.js', import.meta.url));

export const exportTo = command({
  name: 'export',
  summary: 'write a script that submits a file to Slurm with dependencies, and needs no driver',
  arguments: [
    { name: '<system>', about: 'slurm' },
    { name: '<file>', about: 'a .ssp file' },
  ],
  options: [
    { flags: '-o, --out <file>', about: 'where to write the script (default: stdout)' },
    common.set,
    {
      flags: '--only <stage>',
      about: "this stage and what it needs: NAME or 'NAME[axis: label]'; may be repeated",
      repeated: true,
    },
    common.store,
    common.points,
  ],
  examples: [
    'ssp export slurm study.ssp -o study.sh && bash study.sh',
    "ssp export slurm study.ssp --only 'encoder[method: byol]' --set epochs=800 -o byol.sh",
  ],
  async run(io, [system, file], options) {
    if (system !== 'slurm') {
      throw new UsageError(
        `\`${system}\` is nothing to export to`,
        'there is `slurm`: ssp export slurm FILE',
      );
    }
    const opened = openProgram(io, file, options);
    if (opened === undefined) return 1;
    const { program, store } = opened;
    const path = program.file.path;
    const out = options.out === undefined ? undefined : outputPath(io, options.out, opened);
    const points = pointsToRun(opened.points, options.only);
    const site = siteFor(io, path, store.root);
    const numeric = classOnNodes(site, numericClass(options, io.env));
    const world = await worldOf(io, { ...opened, points }, options, { numeric });
    const { stages } = planPoints(path, points, world);
    const types = new Map(stages.map(({ id, result }) => [id, result]));
    const open = stages.filter(({ action }) => action === 'run' || action === 'await');
    const isOpen = new Set(open.map(({ id }) => id));
    const arrays = arraysOf(
      open.map((stage): OpenPoint => {
        const { id, name, resources, inputs } = stage;
        return {
          id,
          name,
          need: {
            gpus: gpusFor(
              site,
              resources,
              computes(stage, (input) => types.get(input)),
            ),
            cpus: resources.cpus ?? site.cpus,
            memoryBytes: resources.memoryBytes,
            timeoutSeconds: resources.timeoutSeconds,
          },
          after: [...inputs, ...decidedBy(stage)].filter((input) => isOpen.has(input)),
        };
      }),
      site,
    );
    const given = Object.entries(settings(options));
    const text = staticScript(
      {
        file: path,
        cwd: io.cwd,
        points: stages.length,
        command: [
          ...[process.execPath, main, 'run', path],
          ...given.flatMap(([name, value]) => ['--set', `${name}=${value}`]),
          ...(options.points === undefined ? [] : ['--points', options.points]),
          ...['--store', store.root, '--executor', 'allocation', '--jobs', '1'],
        ],
        only: options.only ?? [],
        output: resolve(store.root, 'slurm', 'export'),
        arrays,
      },
      site,
    );
    holdBuildForJobs();
    if (out === undefined) io.out(text.trimEnd());
    else {
      writing(out, () => {
        writeFileWhole(out, [Buffer.from(text)]);
        chmodSync(out, 0o755);
      });
      io.out(options.out ?? out);
    }
    const there = stages.length - open.length;
    io.err(
      `${counted(open.length, 'result')} to be made in ${counted(arrays.length, 'array')}, ${there} there`,
    );
    return 0;
  },
});
