import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { runInNewContext } from 'node:vm';
import type { ISerializedGast } from '../language/lex/chevrotain.js';

/**
 * Chevrotain ships the drawing code for pages that load it from a network; it is run here instead,
 * so that the page holds plain pictures.
 */
function drawingCode(): { buildSyntaxDiagramsText(rules: readonly ISerializedGast[]): string } {
  const entry = pathToFileURL(createRequire(import.meta.url).resolve('chevrotain'));
  const code = (path: string) => readFileSync(new URL(`../../diagrams/${path}`, entry), 'utf8');
  const shapes = {};
  runInNewContext(code('vendor/railroad-diagrams.js'), { exports: shapes });
  const module = { exports: {} };
  runInNewContext(code('src/diagrams_builder.js'), { module, require: () => shapes });
  return module.exports as ReturnType<typeof drawingCode>; // the file is not typed
}

const style = `
body { font-family: system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; }
h2 { font: bold 1.1rem monospace; margin: 2rem 0 0.25rem; }
svg { max-width: 100%; height: auto; }
path { fill: none; stroke: #333; stroke-width: 2; }
rect { fill: #e8f1fb; stroke: #333; stroke-width: 2; }
g.non-terminal rect { fill: #fdf3d7; }
text { font: 14px monospace; text-anchor: middle; }
@media (prefers-color-scheme: dark) {
  body { background: #1b1d21; color: #ddd; }
  path, rect { stroke: #aaa; }
  rect { fill: #23364d; }
  g.non-terminal rect { fill: #4a3f1f; }
  text { fill: #eee; }
}
`;

/** Literal tokens without the quotes that messages put around them. */
function plainLabels(part: ISerializedGast): ISerializedGast {
  const copy: Record<string, unknown> = { ...part };
  if (part.type === 'Terminal' && 'label' in part && typeof part.label === 'string') {
    copy.label = part.label.startsWith('`') ? part.label.slice(1, -1) : part.label;
  }
  if ('definition' in part && Array.isArray(part.definition)) {
    copy.definition = part.definition.map(plainLabels);
  }
  return copy as unknown as ISerializedGast; // the same kind of part as before
}

/** A page of railroad diagrams that needs neither scripts nor a network. */
export function railroadHtml(rules: readonly ISerializedGast[]): string {
  const pictures = drawingCode()
    .buildSyntaxDiagramsText(rules.map(plainLabels))
    .replace(/<h2 class="diagramHeader">(\w+)<\/h2>/g, '\n<h2 id="$1">$1</h2>\n')
    .replace(/ (?:dslrulename|occurrenceidx|rulename|toprulename|tokenname)="[^"]*"/gi, '')
    .replace(/[ \t]+$/gm, '');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Grammar of ssp</title>
<style>${style}</style>
</head>
<body>
<h1>Grammar of ssp</h1>
<p>Generated from <code>src/language/parse/grammar.ts</code> by <code>npm run gen</code>. A file is a
sequence of declarations; rounded boxes are texts, square ones are rules.</p>
${pictures}
</body>
</html>
`;
}
