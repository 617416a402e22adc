import { join, normalize } from 'node:path';
import { type Compiled, compile } from '../../../src/language/compile.js';
import type { Program } from '../../../src/language/program.js';
import type { StagePoint } from '../../../src/plan/plan.js';
import { unfold } from '../../../src/plan/unfold.js';
import { libraryFixture } from '../library-fixture.js';

/** Files by path; `study.ssp` is the pipeline. */
export type Files = Readonly<Record<string, string>>;

/** Compiles files in memory against the fixture library; packages lie in `node_modules`. */
export function compileFiles(
  files: Files | string,
  set: Readonly<Record<string, string>> = {},
): Compiled {
  const all = typeof files === 'string' ? { 'study.ssp': files } : files;
  const has = (folder: string) => Object.keys(all).some((path) => path.startsWith(`${folder}/`));
  const host = {
    readText: (path: string) => all[normalize(path)],
    kindOf: (path: string) => {
      const at = normalize(path);
      return at in all ? ('file' as const) : has(at) ? ('folder' as const) : undefined;
    },
    packageFolder: (name: string) => {
      const folder = join('node_modules', name);
      return has(folder) ? folder : undefined;
    },
    library: libraryFixture,
  };
  return compile(host, 'study.ssp', { set });
}

/** Codes of what is wrong, warnings too, each with the file and line: `unused study.ssp:3`. */
export function mistakesOf(files: Files | string, set = {}): readonly string[] {
  return compileFiles(files, set).diagnostics.map(({ code, span }) => {
    const line = span.file.text.slice(0, span.start).split('\n').length;
    return `${code} ${span.file.path}:${line}`;
  });
}

/** The codes alone of what is an error. */
export function errorsIn(files: Files | string, set = {}): readonly string[] {
  const { diagnostics } = compileFiles(files, set);
  return diagnostics.filter((d) => d.severity === 'error').map((d) => d.code);
}

export function programIn(files: Files | string, set = {}): Program {
  const { program, diagnostics } = compileFiles(files, set);
  if (!program) throw new Error(diagnostics.map((d) => `${d.code}: ${d.message}`).join('\n'));
  return program;
}

/** All points of a pipeline; `env` is its environment. */
export function pointsIn(
  files: Files | string,
  set: Readonly<Record<string, string>> = {},
  env: Readonly<Record<string, string>> = {},
): readonly StagePoint[] {
  return unfold(programIn(files, set), { env });
}

/** How many points each stage has. */
export function countsIn(files: Files | string, set = {}): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { name } of pointsIn(files, set)) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

/** Parameters of a point, by its id. */
export function paramsIn(files: Files | string, id: string, set = {}): StagePoint['params'] {
  const points = pointsIn(files, set);
  const found = points.find((point) => point.id === id);
  if (!found) throw new Error(`no ${id} in ${points.map((point) => point.id).join(' ')}`);
  return found.params;
}

/** Is a condition of known values true? */
export function holds(condition: string, before = ''): boolean {
  const { condition: term } = programIn(`${before}\nexpect ${condition}`).expects[0] ?? {};
  return term?.kind === 'literal' && term.value === true;
}

/** Imports of everything that the tests use. */
export const library = `
import std.data.{emoji, cifar10, stl10, imagenet}
import std.pairs.{semantic_pairs, augmented_pairs}
import std.views.{simclr_views, crop_only, perturbed}
import std.ssl.{simclr, vicreg, byol, dino}
import std.backbone.{resnet18, resnet50}
import std.optim.{sgd, adamw, cosine}
import std.train.{pretrain, random_init, supervised}
import std.probe.{linear_probe, knn_probe, retrieval}
`;

/** Errors of a text behind the imports. */
export const errorsWith = (text: string, set = {}): readonly string[] =>
  errorsIn(`${library}${text}`, set);
