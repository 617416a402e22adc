import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect } from 'vitest';
import { fieldsOf } from '../../src/base/fields.js';
import { fileHost } from '../../src/cli/study/file-host.js';
import { onMachine } from '../../src/execute/local/local-executor.js';
import { run } from '../../src/execute/schedule/run.js';
import { Store } from '../../src/execute/store/store.js';
import { execStage } from '../../src/execute/worker/exec-stage.js';
import { compile } from '../../src/language/compile.js';
import { gc } from './faults.js';
import { cpu, quickDisk } from './lab.js';

/** A stage of a study: what it reads, and its numbers. One with `blur` forgets all but that. */
interface Made {
  readonly name: string;
  readonly list: number;
  readonly reads: readonly number[];
  readonly n: number;
  readonly blur: number;
  readonly seeded: boolean;
  readonly comment: string;
}

/** A study and the files beside it. */
interface Study {
  readonly lists: readonly string[];
  readonly add: number;
  readonly stages: readonly Made[];
}

const made: fc.Arbitrary<Omit<Made, 'name' | 'comment'>> = fc.record({
  list: fc.nat(1),
  reads: fc.array(fc.nat(9), { maxLength: 2 }),
  n: fc.nat(2),
  blur: fc.nat(1),
  seeded: fc.boolean(),
});

/** What somebody does to a study between two runs. */
const edit = fc.oneof(
  fc.record({ do: fc.constant('add' as const), made }),
  fc.record({ do: fc.constant('remove' as const), at: fc.nat(9) }),
  fc.record({ do: fc.constant('replace' as const), at: fc.nat(9), made }),
  fc.record({ do: fc.constant('number' as const), at: fc.nat(9), n: fc.nat(2) }),
  fc.record({ do: fc.constant('param' as const), add: fc.nat(2) }),
  fc.record({ do: fc.constant('list' as const), list: fc.nat(1), content: fc.nat(2) }),
  fc.record({ do: fc.constant('rename' as const), at: fc.nat(9), to: fc.nat(99) }),
  fc.record({
    do: fc.constant('comment' as const),
    at: fc.nat(9),
    text: fc.stringMatching(/^[a-z ]{0,8}$/),
  }),
  fc.record({ do: fc.constant('revert' as const), to: fc.nat(9) }),
  fc.constant({ do: 'gc' as const }),
);
type Edit = typeof edit extends fc.Arbitrary<infer E> ? E : never;

export const histories = fc.tuple(
  fc.array(made, { minLength: 1, maxLength: 5 }),
  fc.array(edit, { minLength: 1, maxLength: 8 }),
);

const LIBRARY = `
/// Something made of a list, or of what was made before.
@version(1)
extern stage make(list: Path, n: Int, a: Images? = none, b: Images? = none, blur: Int = 0, seed: Int = 0) -> Images
`;

function textOf({ add, stages }: Study): string {
  const of = stages.map(({ name, list, reads, n, blur, seeded, comment }) => {
    const inputs = reads.map((at, i) => `${'ab'[i]}: ${stages[at]?.name}`);
    const args = [
      `list: file("list${list}.csv")`,
      ...inputs,
      `n: ${n} + add`,
      ...(blur > 0 ? [`blur: ${blur}`] : []),
      ...(seeded ? ['seed'] : []),
    ];
    return `${comment === '' ? '' : `// ${comment}\n`}dataset ${name} = make(${args.join(', ')})\n`;
  });
  return `import std.lab.make\nparam add = ${add}\naxis seed = [1, 2]\n${of.join('\n')}`;
}

function edited(study: Study, change: Edit, before: readonly Study[]): Study {
  const { stages } = study;
  const at = 'at' in change ? change.at % Math.max(1, stages.length) : 0;
  const others = (i: number, reads: readonly number[]) => (i === 0 ? [] : reads.map((r) => r % i));
  const fresh = (i: number, { reads, ...rest }: Omit<Made, 'name' | 'comment'>) => ({
    ...rest,
    reads: others(i, reads),
    comment: '',
  });
  const names = new Set(stages.map(({ name }) => name));
  const free = (n: number): string => (names.has(`s${n}`) ? free(n + 1) : `s${n}`);
  const changed = (more: Partial<Made>): Study => ({
    ...study,
    stages: stages.map((one, i) => (i === at ? { ...one, ...more } : one)),
  });
  switch (change.do) {
    case 'add':
      return {
        ...study,
        stages: [...stages, { name: free(stages.length), ...fresh(stages.length, change.made) }],
      };
    case 'remove':
      return stages.length < 2
        ? study
        : {
            ...study,
            stages: stages
              .filter((_, i) => i !== at)
              .map((one, i) => ({
                ...one,
                reads: others(
                  i,
                  one.reads.map((r) => (r > at ? r - 1 : r)),
                ),
              })),
          };
    case 'replace':
      return changed(fresh(at, change.made));
    case 'number':
      return changed({ n: change.n });
    case 'param':
      return { ...study, add: change.add };
    case 'list':
      return {
        ...study,
        lists: study.lists.map((text, i) => (i === change.list ? `list ${change.content}` : text)),
      };
    case 'rename':
      return changed({ name: free(change.to) });
    case 'comment':
      return changed({ comment: change.text.trim() });
    case 'revert':
      return before[change.to % before.length] ?? study;
    case 'gc':
      return study;
  }
}

/** What a stage makes, and does not do, by what it is given. */
const contentFor = (list: string, read: readonly string[], n: number, blur: number, seed: number) =>
  createHash('sha256')
    .update(JSON.stringify(blur > 0 ? [blur] : [list, read, n, seed]))
    .digest('hex');

/** What every point has to contain, and the work that it takes, worked out without plan, keys or store. */
function oracle({ lists, add, stages }: Study) {
  const contents = new Map<string, string>();
  const works = new Set<string>();
  const seeded: boolean[] = [];
  const idOf = (i: number, seed: number) =>
    seeded[i] ? `${stages[i]?.name}[seed=${seed}]` : `${stages[i]?.name}`;
  for (const [i, { list, reads, n, blur, seeded: own }] of stages.entries()) {
    seeded[i] = own || reads.some((r) => seeded[r]);
    for (const seed of seeded[i] ? [1, 2] : [1]) {
      const read = reads.map((r) => contents.get(idOf(r, seed)) ?? 'missing');
      const args = [lists[list] ?? '', read, n + add, blur, own ? seed : 0] as const;
      contents.set(idOf(i, seed), contentFor(...args));
      works.add(JSON.stringify(args));
    }
  }
  return { contents, works };
}

/**
 * Runs a study after each edit of a history: every result is that of a run without a cache, and as many
 * stages are run as there is work that the store has not. Returns how many runs there were, and stages in them.
 */
export async function follow(
  at: string,
  [first, edits]: readonly [readonly Omit<Made, 'name' | 'comment'>[], readonly Edit[]],
): Promise<{ readonly runs: number; readonly ran: number; readonly points: number }> {
  mkdirSync(at, { recursive: true });
  const root = join(at, 'store');
  const store = new Store(root, quickDisk);
  let study: Study = { lists: ['list 0', 'list 0'], add: 0, stages: [] };
  for (const one of first) study = edited(study, { do: 'add', made: one }, []);
  const before: Study[] = [];
  let known = new Set<string>();
  let [runs, ran, points] = [0, 0, 0];
  const check = async (): Promise<void> => {
    for (const [i, text] of study.lists.entries()) writeFileSync(join(at, `list${i}.csv`), text);
    writeFileSync(join(at, 'study.ssp'), textOf(study));
    const library = new Map([['std.lab', LIBRARY]]);
    const { program, diagnostics } = compile({ ...fileHost({ cwd: at }), library }, 'study.ssp');
    if (!program)
      throw new Error(`${textOf(study)}\n${diagnostics.map((d) => d.message).join('\n')}`);
    let count = 0;
    const executor = onMachine({ jobs: 2 }, async ({ task }) => {
      const { outcome } = await execStage({
        key: task.key,
        store,
        loadStage: async () => async (context) => {
          count += 1;
          const { list, a = null, b = null, n, blur, seed } = context.record.params;
          const read: string[] = [];
          for (const input of [a, b]) {
            const { artifact } = fieldsOf(input);
            if (artifact === undefined) continue;
            const { files } = await context.artifact(String(artifact));
            read.push(readFileSync(files['result.txt'] ?? '', 'utf8'));
          }
          const text = readFileSync(context.path(String(fieldsOf(list).file)), 'utf8');
          const content = contentFor(text, read, Number(n), Number(blur), Number(seed));
          writeFileSync(join(context.out, 'result.txt'), content);
          return {};
        },
      });
      return { kind: 'done', outcome };
    });
    const { outcomes } = await run(program, { store, executor, env: {}, numeric: cpu, cwd: at });
    const { contents, works } = oracle(study);
    const found = outcomes.map(({ planned, record }) => {
      const { digest = '' } = record?.output.files['result.txt'] ?? {};
      return [planned.id, readFileSync(store.blobPath(digest), 'utf8')] as const;
    });
    expect(new Map(found), textOf(study)).toEqual(contents);
    const needed = [...works].filter((work) => !known.has(work));
    expect(count, textOf(study)).toBe(needed.length);
    for (const work of needed) known.add(work);
    [runs, ran, points] = [runs + 1, ran + count, points + outcomes.length];
  };
  await check();
  for (const change of edits) {
    before.push(study);
    study = edited(study, change, before);
    if (change.do === 'gc') {
      gc(root);
      // What the last run did not use is gone, and nothing else.
      known = oracle(study).works;
    }
    await check();
  }
  return { runs, ran, points };
}
