import type { StageRecord } from '../record.js';

/*
 * The message `ActionResult` of Bazel's remote execution API, of which an entry uses
 *
 *   message ActionResult { repeated OutputFile output_files = 2; bytes stdout_raw = 5; }
 *   message OutputFile { string path = 1; Digest digest = 2; bool is_executable = 4; }
 *   message Digest { string hash = 1; int64 size_bytes = 2; }
 *
 * https://github.com/bazelbuild/remote-apis/blob/main/build/bazel/remote/execution/v2/remote_execution.proto
 */

const OUTPUT_FILES = 2;
const STDOUT_RAW = 5;

/**
 * An entry as Bazel's caches know one: the files of the result, and its record as what was printed.
 * So a server sees which content an entry needs, and drops neither alone.
 */
export function actionResultOf({ output }: StageRecord, text: string): Buffer {
  const executable = new Set(output.executable);
  const files = Object.entries(output.files).map(([path, { digest, size }]) =>
    bytes(
      OUTPUT_FILES,
      Buffer.concat([
        bytes(1, Buffer.from(path)),
        bytes(2, Buffer.concat([bytes(1, Buffer.from(digest)), number(2, size)])),
        ...(executable.has(path) ? [number(4, 1)] : []),
      ]),
    ),
  );
  return Buffer.concat([...files, bytes(STDOUT_RAW, Buffer.from(text))]);
}

/** The text of the record in a message; undefined where it is none, or cut off. */
export function textOfActionResult(message: Buffer): string | undefined {
  let text: string | undefined;
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = message[at];
      if (byte === undefined || factor > 2 ** 63) return Number.NaN;
      at += 1;
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  };
  while (at < message.length) {
    const tag = varint();
    const kind = tag % 8;
    if (kind === 0) {
      if (Number.isNaN(varint())) return undefined;
    } else if (kind === 2) {
      const end = varint() + at;
      if (!(end <= message.length)) return undefined;
      if (Math.floor(tag / 8) === STDOUT_RAW) text = message.toString('utf8', at, end);
      at = end;
    } else if (kind === 1 || kind === 5) at += kind === 1 ? 8 : 4;
    else return undefined;
  }
  return at === message.length ? text : undefined;
}

const bytes = (field: number, content: Buffer): Buffer =>
  Buffer.concat([varintOf(field * 8 + 2), varintOf(content.length), content]);

const number = (field: number, value: number): Buffer =>
  Buffer.concat([varintOf(field * 8), varintOf(value)]);

function varintOf(value: number): Buffer {
  const digits: number[] = [];
  let left = value;
  for (; left >= 128; left = Math.floor(left / 128)) digits.push((left % 128) + 128);
  return Buffer.from([...digits, left]);
}
