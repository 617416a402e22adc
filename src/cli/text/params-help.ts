import { compile } from '../../language/compile.js';
import { foldedText } from '../../language/lex/source-text.js';
import { showType } from '../../language/types/show-type.js';
import { showValue } from '../../language/types/show-value.js';
import type { Io } from '../io.js';
import { fileHost } from '../study/file-host.js';
import { pipelineFile } from '../study/pipeline.js';

/** The params of a file for the help of a command: name, type, default and documentation. */
export function paramsHelp(io: Io, file: string): string {
  const { open, diagnostics } = compile(fileHost(io), pipelineFile(io, file));
  const lines = (open?.symbols ?? []).flatMap(({ name, declaration }) => {
    const param = open?.param(name.text);
    const head =
      param !== undefined
        ? `${name.text}: ${showType(param.type)} = ${showValue(param.value, param.type)}`
        : declaration.kind === 'param'
          ? `${name.text}${declaration.type ? `: ${foldedText(declaration.type.span)}` : ''}  (required)`
          : undefined;
    if (head === undefined) return [];
    const doc = param?.doc ?? (declaration.kind === 'param' ? declaration.doc : undefined);
    const about = (doc ?? '').trim().split('\n').filter(Boolean);
    return [`  ${head}`, ...about.map((line) => `      ${line.trim()}`)];
  });
  const wrong = diagnostics.filter(
    ({ severity, code }) => severity === 'error' && code !== 'param-required',
  ).length;
  return [
    '',
    `Params of ${file}, for --set name=value:`,
    ...(lines.length === 0 ? ['  none'] : lines),
    ...(wrong === 0 ? [] : ['', `The file has mistakes: ssp check ${file}`]),
  ].join('\n');
}
