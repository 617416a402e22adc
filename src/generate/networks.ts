import type { Json } from '../base/canonical.js';
import type { Extern, ExternParam } from '../language/program.js';
import { showType } from '../language/types/show-type.js';

/**
 * The text of `src/library/networks.gen.ts`: the parameters of each network, to hold the description of an encoder that
 * somebody else wrote against.
 */
export function networksFile(externs: readonly Extern[]): string {
  const networks = externs.filter(({ name }) => name.startsWith('std.backbone.'));
  const lines = networks.map(({ name, params }) => {
    const fields = params.map((param) => `${param.name}: ${JSON.stringify(parameterOf(param))}`);
    return `  ${name.split('.').at(-1)}: { ${fields.join(', ')} },`;
  });
  return [
    '// Generated from stdlib/backbone.ssp by `npm run gen`. Do not edit.',
    "import type { NetworkParameter } from './network-parameter.js';",
    '',
    'export const networks: Readonly<Record<string, Readonly<Record<string, NetworkParameter>>>> = {',
    ...lines,
    '};',
    '',
  ].join('\n');
}

function parameterOf({ type, default: given }: ExternParam): { readonly [key: string]: Json } {
  const of = type.kind === 'number' ? type : undefined;
  const whole = of !== undefined && ['Int', 'Pixels', 'Bytes'].includes(of.unit);
  return {
    expected: showType(type),
    ...(of ? { is: whole ? 'whole' : 'number' } : { is: type.kind === 'bool' ? 'bool' : 'text' }),
    ...(of?.low === undefined ? {} : { low: of.low }),
    ...(of?.high === undefined ? {} : { high: of.high }),
    ...(type.kind === 'enum' ? { choices: type.choices } : {}),
    ...(given?.kind === 'literal' ? { default: given.value } : {}),
  };
}
