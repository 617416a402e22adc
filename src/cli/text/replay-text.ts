import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { NotFinite, Replayed } from '../../library/replay-training.js';

/** What the replay of a training found. */
export function replayText(id: string, replayed: Replayed, precision: string | undefined): string {
  const { broken, from, origin } = replayed;
  const start = from === 0 ? 'from the start' : `from the checkpoint after step ${from}`;
  const rounding =
    precision === 'bf16' ? ['  the training was in bf16, and op by op it is in fp32'] : [];
  return [
    `${id}: ${broken}`,
    `  repeated ${start}, and that step op by op`,
    ...rounding,
    ...(origin === undefined ? [unbroken(precision)] : originLines(origin)),
  ].join('\n');
}

const unbroken = (precision: string | undefined): string =>
  precision === 'bf16'
    ? 'op by op all is finite: what overflows does so in bf16 alone; try `precision: "fp32"`'
    : 'op by op all is finite: the step as one graph rounds otherwise, at the edge of what float32 holds';

function originLines({ op, phase, gradientOf, inputs, output, places }: NotFinite): string[] {
  const share = output.size === 1 ? '' : `, at ${output.count} of its ${output.size} values`;
  const named = output.name === undefined ? '' : ` ${output.name}`;
  const what =
    op === undefined
      ? `first not finite: the tensor${named} (${output.shape.join(', ')}), which holds ${output.value}${share}`
      : `first not finite: ${op} gives ${output.value}${share}`;
  const of = gradientOf === undefined ? '' : ` of ${gradientOf}`;
  const given = inputs.map(
    ({ name = 'a tensor', shape, lowest, highest }, index) =>
      `  ${index === 0 ? 'from' : 'and '}  ${name} (${shape.join(', ')})${between(lowest, highest)}`,
  );
  return [what, `  in    ${phase}${of}`, ...given, ...sourceLines(places)];
}

const between = (lowest: number | undefined, highest: number | undefined): string => {
  if (lowest === undefined || highest === undefined) return '';
  const [low, high] = [lowest, highest].map((value) => Number(value.toPrecision(4)));
  return low === high ? `, all ${low}` : `, from ${low} to ${high}`;
};

/** The line that called the op; where that is of ssp, the innermost line of the user's own too. */
function sourceLines(places: readonly string[]): string[] {
  const ours = fileURLToPath(new URL('../../../', import.meta.url));
  const [inner] = places;
  const own = places.find((place) => !place.startsWith(ours));
  return [inner, own].flatMap((place, index) =>
    place === undefined || (index === 1 && place === inner)
      ? []
      : [`  ${index === 0 ? 'at  ' : 'for '}  ${place}`, ...lineAt(place)],
  );
}

/** The text of a line, where it can be read. */
function lineAt(place: string): string[] {
  const [, file = '', line = ''] = /^(.*):(\d+):\d+$/.exec(place) ?? [];
  try {
    const text = readFileSync(file, 'utf8').split('\n')[Number(line) - 1]?.trim();
    return text ? [`          ${text}`] : [];
  } catch {
    return [];
  }
}
