import type { Extern, ExternParam } from '../program.js';
import { showResult, showType } from '../types/show-type.js';
import { shortName, termText } from './call-labels.js';

/** The default of a parameter as it would be written, if it has one. */
export function defaultText(param: ExternParam): string | undefined {
  return param.default && termText(param.default, () => undefined);
}

/** How a stage or value is called: `simclr(temperature: Fraction(1%..1000%) = 50%) -> Method`. */
export function signatureText(extern: Extern): string {
  const name = shortName(extern.name);
  const result = showResult(extern.result);
  const params = extern.params.map((param) => {
    const value = defaultText(param);
    return `${param.name}: ${showType(param.type)}${value === undefined ? '' : ` = ${value}`}`;
  });
  const line = `${name}(${params.join(', ')}) -> ${result}`;
  if (line.length <= 90) return line;
  return `${name}(\n${params.map((param) => `  ${param},\n`).join('')}) -> ${result}`;
}
