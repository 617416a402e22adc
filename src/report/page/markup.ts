import { Marked } from 'marked';
import { escapeHtml } from '../escape.js';

/** HTML that is safe to write; the only ways to make some escape every text on the way. */
export interface Markup {
  readonly kind: 'markup';
  readonly html: string;
}

type Part = string | number | undefined | Markup | readonly Markup[];

/** A template of HTML: texts and numbers are escaped, markup is kept, nothing is written for undefined. */
export function markup(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  const html = strings.map((text, i) => text + (i < parts.length ? write(parts[i]) : '')).join('');
  return { kind: 'markup', html };
}

/** Markup made by a program of ours (SVG of a figure, a style sheet), as it is. */
export function trusted(html: string): Markup {
  return { kind: 'markup', html };
}

/** No markup. */
export const NOTHING: Markup = { kind: 'markup', html: '' };

function write(part: Part): string {
  if (part === undefined) return '';
  if (typeof part === 'string') return escapeHtml(part);
  if (typeof part === 'number') return String(part);
  if ('html' in part) return part.html;
  return part.map((item) => item.html).join('\n');
}

const HEADING_SHIFT = 2;

/**
 * Doc comments as HTML: CommonMark with tables. Raw HTML is shown as text, links lead to the web or into
 * the page only, images become their alternative text: a report loads nothing.
 */
export function renderDoc(text: string): Markup {
  const marked = new Marked({
    gfm: true,
    async: false,
    renderer: {
      html: ({ text: raw }) => escapeHtml(raw),
      image: ({ text: alternative }) => escapeHtml(alternative),
      heading({ tokens, depth }) {
        const level = Math.min(6, depth + HEADING_SHIFT);
        return `<h${level}>${this.parser.parseInline(tokens)}</h${level}>\n`;
      },
      link({ href, tokens }) {
        const inner = this.parser.parseInline(tokens);
        if (!/^(https?:\/\/|mailto:|#)/i.test(href)) return inner;
        return `<a href="${escapeHtml(href)}" rel="noreferrer">${inner}</a>`;
      },
    },
  });
  const html = marked.parse(text, { async: false });
  return { kind: 'markup', html };
}
