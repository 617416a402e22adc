/** `axis: label` or `axis: {a, b}` of a bracket, as it is written on the command line. */
export interface Slice {
  readonly text: string;
  /** None where no `:` or `=` tells it from a label. */
  readonly axis: string | undefined;
  readonly labels: readonly string[];
}

/** The slices between the brackets of `NAME[axis: label, …]`. */
export function slicesIn(text: string): readonly Slice[] {
  return splitOutside(text, ',').flatMap((slice) => {
    if (slice.trim() === '') return [];
    const at = firstOutside(slice, ':') ?? firstOutside(slice, '=');
    const axis = at === undefined ? undefined : slice.slice(0, at).trim();
    const labels = at === undefined ? [] : labelsOf(slice.slice(at + 1));
    return [{ text: slice.trim(), axis, labels }];
  });
}

/** Are two labels one, however they are spaced? */
export const sameLabel = (a: string, b: string): boolean => folded(a) === folded(b);

const folded = (label: string): string => label.replaceAll(/\s+/g, '');

function labelsOf(text: string): readonly string[] {
  const trimmed = text.trim();
  const set = trimmed.startsWith('{') && trimmed.endsWith('}');
  const list = set ? splitOutside(trimmed.slice(1, -1), ',') : [trimmed];
  return list.map((label) => unquoted(label.trim())).filter((label) => label !== '');
}

function unquoted(label: string): string {
  if (!/^".*"$/s.test(label)) return label;
  try {
    return String(JSON.parse(label));
  } catch {
    return label.slice(1, -1);
  }
}

/** Offsets of a character outside brackets and quotes. */
function* outside(text: string, sought: string): Generator<number> {
  let depth = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i] ?? '';
    if (quoted) {
      if (c === '\\') i++;
      else if (c === '"') quoted = false;
    } else if (c === '"') quoted = true;
    else if ('([{'.includes(c)) depth++;
    else if (')]}'.includes(c)) depth--;
    else if (c === sought && depth === 0) yield i;
  }
}

const firstOutside = (text: string, sought: string): number | undefined =>
  outside(text, sought).next().value ?? undefined;

function splitOutside(text: string, sought: string): readonly string[] {
  const parts: string[] = [];
  let from = 0;
  for (const at of outside(text, sought)) {
    parts.push(text.slice(from, at));
    from = at + 1;
  }
  parts.push(text.slice(from));
  return parts;
}
