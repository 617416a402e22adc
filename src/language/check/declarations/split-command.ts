/** A part of a word: a text as it is, or the name of a parameter whose value stands there. */
export type WordPart = { readonly text: string } | { readonly param: string };

/** A word of a command: one argument of the program, whatever stands in it. */
export type Word = readonly WordPart[];

export type SplitCommand =
  | { readonly words: readonly Word[] }
  /** What is wrong, as a message's end: "a quote that is not closed". */
  | { readonly mistake: string };

/**
 * Splits a command into words as a shell would: at white space, with `'…'`, `"…"` and `\` to keep
 * it together. Nothing else of a shell has a meaning: no variables, no patterns, no pipes.
 * `{name}` stands for a parameter, `{{` and `}}` for braces.
 */
export function splitCommand(text: string): SplitCommand {
  const words: WordPart[][] = [];
  let word: WordPart[] | undefined;
  let quote: string | undefined;
  const add = (part: string) => {
    word ??= begin();
    const last = word.at(-1);
    if (last && 'text' in last) word[word.length - 1] = { text: last.text + part };
    else word.push({ text: part });
  };
  const begin = (): WordPart[] => {
    const fresh: WordPart[] = [];
    words.push(fresh);
    return fresh;
  };
  for (let i = 0; i < text.length; i++) {
    const c = text[i] ?? '';
    const next = text[i + 1];
    if (quote === undefined && /\s/.test(c)) word = undefined;
    else if (c === quote) quote = undefined;
    else if (quote === undefined && (c === '"' || c === "'")) {
      quote = c;
      add('');
    } else if (c === '\\' && escapes(quote, next)) {
      if (next === undefined) return { mistake: 'a `\\` at its end' };
      add(next);
      i += 1;
    } else if ((c === '{' || c === '}') && next === c) {
      add(c);
      i += 1;
    } else if (c === '{') {
      const [, name] = /^\{([A-Za-z_][A-Za-z0-9_]*)\}/.exec(text.slice(i)) ?? [];
      if (name === undefined) return { mistake: 'a `{` without a name and `}`; `{{` is a brace' };
      word ??= begin();
      word.push({ param: name });
      i += name.length + 1;
    } else add(c);
  }
  if (quote !== undefined) return { mistake: `a \`${quote}\` that is not closed` };
  return words.length === 0 ? { mistake: 'no word' } : { words };
}

/** Outside quotes `\` keeps any character, in `"…"` a quote and itself, in `'…'` nothing. */
function escapes(quote: string | undefined, next: string | undefined): boolean {
  if (quote === "'") return false;
  return quote === undefined || next === '"' || next === '\\';
}
