import { type Compiled, compile } from '../../src/language/compile.js';
import type { Program, Stage } from '../../src/language/program.js';
import { libraryFixture } from './library-fixture.js';

/** Compiles a text against the fixture library. */
export function compileText(text: string, set: Readonly<Record<string, string>> = {}): Compiled {
  return compile({ readText: () => text, library: libraryFixture }, 'test.ssp', { set });
}

/** The program of a text without mistakes. */
export function programOf(text: string, set: Readonly<Record<string, string>> = {}): Program {
  const { program, diagnostics } = compileText(text, set);
  if (!program) throw new Error(diagnostics.map((d) => `${d.code}: ${d.message}`).join('\n'));
  return program;
}

/** The codes of what is wrong with a text, in source order. */
export function codesOf(text: string, set: Readonly<Record<string, string>> = {}): string[] {
  return compileText(text, set).diagnostics.map((diagnostic) => diagnostic.code);
}

/** The errors alone. */
export function errorsOf(text: string, set: Readonly<Record<string, string>> = {}): string[] {
  const { diagnostics } = compileText(text, set);
  return diagnostics.filter((d) => d.severity === 'error').map((d) => d.code);
}

export function stageOf(program: Program, name: string): Stage {
  const stage = program.stages.find((s) => s.name === name);
  if (!stage) throw new Error(`no stage ${name} in ${program.stages.map((s) => s.name)}`);
  return stage;
}

/** The value of a stage's argument when it is a literal. */
export function argumentOf(stage: Stage, name: string): unknown {
  const arg = stage.calls[0]?.call.args.find((a) => a.name === name);
  return arg?.value.kind === 'literal' ? arg.value.value : arg?.value.kind;
}

export function labelsOf(program: Program, axis: string): readonly string[] | undefined {
  return program.axes.find((a) => a.name === axis)?.labels.map((l) => l.label);
}

/** Imports of everything that the tests use. */
export const imports = `
import std.data.{emoji, cifar10, stl10, imagenet}
import std.pairs.{semantic_pairs, augmented_pairs}
import std.views.{simclr_views, crop_only, perturbed}
import std.ssl.{simclr, vicreg, byol, dino}
import std.backbone.{resnet18, resnet50}
import std.optim.{sgd, adamw, cosine}
import std.train.{pretrain, random_init, supervised}
import std.probe.{linear_probe, knn_probe, retrieval}
`;
