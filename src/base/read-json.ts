/** A JSON text as data, or what is wrong with it, as the end of a sentence: "has NaN as `top1`, …". */
export type ReadJson =
  | { readonly value: unknown }
  | {
      readonly fault: string;
      /** It is JSON but for a number that is not finite, as Python's `json` writes it. */
      readonly notFinite?: true;
    };

/** Characters of a text are fewer, in every version of Node. */
const longest = 2 ** 29 - 24;

/**
 * Reads JSON that somebody else wrote, in UTF-8 with or without a byte order mark. A name that stands twice in
 * one object is a fault, unless `repeated` (which saves a second reading): readers differ in which of the two they
 * take.
 */
export function readJson(
  bytes: Uint8Array,
  options: { readonly repeated?: boolean } = {},
): ReadJson {
  if (bytes.length >= longest) return { fault: 'is larger than 512 MiB' };
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return { fault: 'is not UTF-8' };
  }
  if (text.trim() === '') return { fault: 'is empty' };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return faultOf(text);
  }
  const twice = options.repeated ? undefined : nameTwice(text);
  return twice === undefined ? { value } : { fault: `has the name ${twice} twice` };
}

/** A text, or what is no JSON and may stand where a value does. */
const tokens = /"[^"\\]*(?:\\.[^"\\]*)*"|[-+]?\b(?:nan|inf(?:inity)?)\b/gi;

function faultOf(text: string): ReadJson {
  const plain = text.replaceAll(tokens, (token) => (token.startsWith('"') ? token : '0'));
  try {
    JSON.parse(plain);
  } catch {
    return { fault: 'is no JSON, or is cut off' };
  }
  const [, name, number] =
    /"([^"\\]*(?:\\.[^"\\]*)*)"\s*:\s*([-+]?(?:nan|inf(?:inity)?))\b/i.exec(text) ?? [];
  const found = number === undefined ? 'a number that is not finite' : `${number} as \`${name}\``;
  return { fault: `has ${found}, which is no number of JSON`, notFinite: true };
}

/** The first name that stands twice in one object of a JSON text. */
function nameTwice(text: string): string | undefined {
  const open: Set<string>[] = [];
  const parts = text.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?|[{}]/g);
  for (const [part, colon] of parts) {
    if (part === '{') open.push(new Set());
    else if (part === '}') open.pop();
    else if (colon !== undefined) {
      const name: string = JSON.parse(part.slice(0, -colon.length));
      const names = open.at(-1);
      if (names?.has(name)) return JSON.stringify(name);
      names?.add(name);
    }
  }
  return undefined;
}
