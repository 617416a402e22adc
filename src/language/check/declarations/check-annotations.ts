import { diagnose } from '../../../base/codes.js';
import type { Advice, Fix } from '../../../base/diagnostic.js';
import { changeTo, remove, textAt } from '../../../base/fix.js';
import { own } from '../../../base/own.js';
import type { Annotation } from '../../ast.js';
import type { Extern, Resources } from '../../program.js';
import type { Type, Unit } from '../../types.js';
import { choose } from '../advice/choose.js';
import type { Context } from '../context.js';
import { coerce } from '../expressions/coerce.js';
import { knownValue } from '../expressions/known-value.js';

/** An annotation: the type of its one argument and where the value goes. */
interface Meaning {
  readonly unit: Unit;
  readonly low: number;
  readonly field: keyof Resources | 'version';
}

const resources: Readonly<Record<string, Meaning>> = {
  gpu: { unit: 'Int', low: 0, field: 'gpus' },
  memory: { unit: 'Bytes', low: 1, field: 'memoryBytes' },
  cpus: { unit: 'Int', low: 1, field: 'cpus' },
  timeout: { unit: 'Duration', low: 0, field: 'timeoutSeconds' },
  retries: { unit: 'Int', low: 0, field: 'retries' },
  stop_on_collapse: { unit: 'Int', low: 1, field: 'collapsedEpochs' },
};

/** What an annotation may say. */
const examples: Readonly<Partial<Record<Unit, string>>> = {
  Int: '1',
  Bytes: '16GiB',
  Duration: '12h',
};

const version: Readonly<Record<string, Meaning>> = {
  version: { unit: 'Int', low: 1, field: 'version' },
};

/**
 * What a stage needs: `@gpu(1) @memory(16GiB) @cpus(4) @timeout(12h) @retries(2)`. `called` is the stage, where it is
 * known: only one that trains an encoder stops at a collapse.
 */
export function checkResources(
  annotations: readonly Annotation[],
  context: Context,
  called?: Extern,
): Resources {
  const stops = ({ name }: Annotation): boolean => name.text === 'stop_on_collapse';
  if (called === undefined || mayCollapse(called)) {
    return check(annotations, resources, 'a stage', context);
  }
  rejectAnnotations(annotations.filter(stops), `\`${called.name.split('.').at(-1)}\``, context);
  const others = annotations.filter((annotation) => !stops(annotation));
  return check(others, resources, 'a stage', context);
}

/**
 * A stage of the library that watches for collapse takes an optimiser and gives an encoder: a detector trains, and
 * watches no sign of it. What one of the user's own does is not known.
 */
const mayCollapse = ({ code, params, result }: Extern): boolean =>
  code !== undefined ||
  (result.kind === 'artifact' &&
    result.name === 'Encoder' &&
    params.some(({ type }) => type.kind === 'description' && type.name === 'Optimizer'));

/** The `@version` of an extern, 1 if none. */
export function checkVersion(annotations: readonly Annotation[], context: Context): number {
  return check(annotations, version, 'an `extern`', context).version ?? 1;
}

/** Says that annotations do not belong here. */
export function rejectAnnotations(
  annotations: readonly Annotation[],
  what: string,
  context: Context,
): void {
  check(annotations, {}, what, context);
}

function check(
  annotations: readonly Annotation[],
  known: Readonly<Record<string, Meaning>>,
  what: string,
  context: Context,
): Record<string, number> {
  const found: Record<string, number> = {};
  for (const annotation of annotations) {
    const name = annotation.name.text;
    const meaning = Object.hasOwn(known, name) ? known[name] : undefined;
    if (!meaning) {
      const places: Readonly<Record<string, string>> = {
        version: 'an `extern`',
        halving: 'a `train` of the file that is run',
        stop_on_collapse: 'a stage that trains an encoder, as `pretrain` does',
      };
      const place = own(places, name) ?? 'a stage';
      const elsewhere = Object.hasOwn(resources, name) || Object.hasOwn(places, name);
      const found = elsewhere ? {} : choose(annotation.name, Object.keys(known));
      const advice: Advice = {
        help: elsewhere ? `\`@${name}\` belongs before ${place}` : found.help,
        fixes: [...(found.fixes ?? []), removeAnnotation(annotation)],
      };
      context.report(diagnose('unknown-annotation', annotation.span, { name, what }, advice));
      continue;
    }
    const [argument] = annotation.args;
    if (!argument || argument.name || annotation.args.length > 1) {
      const { span } = annotation;
      const example = examples[meaning.unit] ?? '1';
      const fixes = [
        changeTo(span, `@${name}(${argument ? textAt(argument.value.span) : example})`),
      ];
      context.report(diagnose('annotation-argument', span, { name, example }, { fixes }));
      continue;
    }
    if (meaning.field in found) {
      const fixes = [removeAnnotation(annotation)];
      context.report(diagnose('duplicate-annotation', annotation.span, { name }, { fixes }));
      continue;
    }
    const type: Type = { kind: 'number', unit: meaning.unit, low: meaning.low };
    const value = argument.value;
    const term = coerce(context.check(value, context), type, value, `\`@${name}\``, context);
    const number = knownValue(term, value.span, `\`@${name}\``, context);
    if (typeof number === 'number') found[meaning.field] = number;
  }
  return found;
}

/** Takes an annotation away with the white space behind it. */
function removeAnnotation({ span }: Annotation): Fix {
  const { title, edits } = remove(span);
  const behind = /^\s*/.exec(span.file.text.slice(span.end))?.[0].length ?? 0;
  return {
    title,
    edits: edits.map(({ text }) => ({ span: { ...span, end: span.end + behind }, text })),
  };
}
