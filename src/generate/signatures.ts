import type { Extern } from '../language/program.js';
import type { Type } from '../language/types.js';

/** Names of `src/library/stage.ts` that the signatures mention. */
const stageTypes = [
  'Artifact',
  'Backbone',
  'Change',
  'EncoderArtifact',
  'Interval',
  'Method',
  'Optimizer',
  'Schedule',
  'Views',
];

/**
 * The text of `src/library/signatures.gen.ts`: for each declared stage and value the TypeScript type
 * of its arguments, so that an implementation that disagrees with its declaration does not compile.
 */
export function signaturesFile(externs: readonly Extern[]): string {
  const stages = externs.filter((extern) => extern.of === 'stage');
  const values = externs.filter((extern) => extern.of === 'value' && !isEpochs(extern.result));
  const body = [
    'export interface Signatures {',
    '  readonly stages: {',
    ...stages.map((extern) => `    readonly '${extern.name}': ${argsType(extern)};`),
    '  };',
    '  readonly values: {',
    ...values.map((extern) => {
      const result = extern.result.kind === 'description' ? extern.result.name : 'never';
      return `    readonly '${extern.name}': { readonly args: ${argsType(extern)}; readonly result: '${result}' };`;
    }),
    '  };',
    '}',
    '',
  ].join('\n');
  const used = stageTypes.filter((name) => new RegExp(`: (?:[^;']* )?${name}\\b`).test(body));
  return [
    '// Generated from stdlib/*.ssp by `npm run gen`. Do not edit.',
    ...(used.length === 0 ? [] : [`import type { ${used.join(', ')} } from './stage.js';`]),
    '',
    body,
  ].join('\n');
}

/** Which epochs a training keeps is known when planning: no work is told of it. */
function isEpochs(type: Type): boolean {
  return type.kind === 'optional'
    ? isEpochs(type.of)
    : type.kind === 'description' && type.name === 'Epochs';
}

function argsType(extern: Extern): string {
  const params = extern.params.filter((param) => !isEpochs(param.type));
  if (params.length === 0) return 'Readonly<Record<string, never>>';
  const fields = params.map((param) => `readonly ${param.name}: ${typeText(param.type)}`);
  return `{ ${fields.join('; ')} }`;
}

/** The TypeScript type of an argument as an implementation receives it: units are normalised. */
function typeText(type: Type): string {
  switch (type.kind) {
    case 'number':
      return 'number';
    case 'bool':
      return 'boolean';
    case 'string':
    case 'secret':
    case 'path':
    case 'folder':
    case 'axis':
      return 'string';
    case 'enum':
      return type.choices.map((choice) => `'${choice.replace(/['\\]/g, '\\$&')}'`).join(' | ');
    case 'range':
      return 'Interval';
    case 'list': {
      const of = typeText(type.of);
      return `readonly ${of.includes(' ') ? `(${of})` : of}[]`;
    }
    case 'record': {
      const fields = Object.entries(type.fields).map(
        ([name, field]) => `readonly ${name}: ${typeText(field)}`,
      );
      return fields.length === 0 ? 'Readonly<Record<string, never>>' : `{ ${fields.join('; ')} }`;
    }
    case 'optional':
      return `${typeText(type.of)} | null`;
    case 'description':
      return type.name;
    case 'artifact':
      return type.name === 'Encoder' ? 'EncoderArtifact' : 'Artifact';
    case 'metrics':
      return 'Artifact';
    case 'none':
    case 'report':
    case 'unknown':
      return 'null';
  }
}
