/** A record of a CSV file and the line that it begins on; or what is wrong there. */
export type CsvRecord =
  | { readonly line: number; readonly fields: readonly string[] }
  | { readonly line: number; readonly fault: string };

/** One field and what ends it: in quotes, where `""` is a quote, or up to the next comma. */
const field = /[^\S\r\n]*(?:"([^"]*(?:""[^"]*)*)"[^\S\r\n]*|([^",\s][^,\r\n]*)?)(,|\r?\n|$)/y;

/**
 * The records of a CSV text (RFC 4180): a field in quotes may hold commas, line breaks, and quotes as `""`. Beyond it, lines
 * may end with LF alone, white space around a field counts only within quotes, and empty lines are left out.
 */
export function* readCsv(text: string): Generator<CsvRecord> {
  let at = 0;
  let line = 1;
  while (at < text.length) {
    const first = line;
    const begin = at;
    const fields: string[] = [];
    let fault: string | undefined;
    for (let end = ','; end === ','; ) {
      field.lastIndex = at;
      const [found, quoted, plain = '', separator = ''] = field.exec(text) ?? [];
      if (found === undefined) {
        fault = faultAt(text, at);
        break;
      }
      fields.push(quoted === undefined ? plain.trim() : quoted.replaceAll('""', '"'));
      at += found.length;
      end = separator;
    }
    if (fault !== undefined) {
      yield { line: first, fault };
      const next = text.indexOf('\n', at);
      at = next < 0 ? text.length : next + 1;
    } else if (text.slice(begin, at).trim() !== '') yield { line: first, fields };
    line += breaksIn(text, begin, at);
  }
}

/** What to say of a header in one field that other separators than commas divide; empty for another. */
export function otherSeparator(header: readonly string[]): string {
  const other = header.length === 1 ? /[;\t]/.exec(header[0] ?? '')?.[0] : undefined;
  if (other === undefined) return '';
  return `: fields are separated by commas, not by ${other === ';' ? 'semicolons' : 'tabs'}`;
}

/** Why no field begins here: only one that begins with a quote, or a lone CR, can go wrong. */
function faultAt(text: string, at: number): string {
  const rest = text.slice(at);
  if (/^[^"\n]*\r(?!\n)/.test(rest)) return 'a line ends with CR alone; expected LF, or CR and LF';
  const [closed] = /^\s*"[^"]*(?:""[^"]*)*"/.exec(rest) ?? [];
  return closed === undefined
    ? 'a quote is opened and not closed'
    : `after the quoted ${closed.trim().slice(0, 40)} stands no comma; a quote within quotes is written twice`;
}

function breaksIn(text: string, from: number, to: number): number {
  let breaks = 0;
  for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) {
    breaks++;
  }
  return breaks;
}
