import { expect, it } from 'vitest';
import type { CompletionItem } from 'vscode-languageserver/node';
import { applied, marked, sharedClient } from './client.js';
import { studyWith } from './study.js';

/** The labels that are offered, best first. */
async function offered(source: string): Promise<readonly string[]> {
  const { items } = await shared().complete(source);
  return sorted(items).map((item) => item.label);
}

function sorted(items: readonly CompletionItem[]): readonly CompletionItem[] {
  return [...items].sort((a, b) => ((a.sortText ?? '') < (b.sortText ?? '') ? -1 : 1));
}

/** The text after a completion was taken. */
async function taken(source: string, label: string): Promise<string> {
  const { items } = await shared().complete(source);
  const item = items.find((other) => other.label === label);
  if (!item?.textEdit || !('range' in item.textEdit)) throw new Error(`no ${label}`);
  return applied(marked(source).text, [item.textEdit, ...(item.additionalTextEdits ?? [])]);
}

it('offers declarations at the start of a line', async () => {
  expect(await offered('let a = 1\n<|>')).toEqual(
    expect.arrayContaining(['import', 'param', 'axis', 'train', 'expect']),
  );
  expect(await taken('let a = 1\ntra<|>', 'train')).toBe('let a = 1\ntrain ');
});

it('offers the parameters that are not given yet, required ones first', async () => {
  const first = await offered(studyWith('\ntrain b = pretrain(<|>'));
  expect(first.slice(0, 4).toSorted()).toEqual(['backbone:', 'method:', 'pairs:', 'views:']);
  const rest = await offered(studyWith('\ntrain b = pretrain(pairs, views, epochs: 3, <|>)'));
  expect(rest).toContain('method:');
  for (const given of ['pairs:', 'views:', 'epochs:']) expect(rest).not.toContain(given);
  expect(await taken(studyWith('\nlet b = resnet18(st<|>'), 'stem:')).toMatch(
    /let b = resnet18\(stem: $/,
  );
});

it('offers the parameters of what `with` changes', async () => {
  const rest = await offered(studyWith('\nlet v = views with {flip: 0%, <|>}'));
  expect(rest).toContain('grayscale:');
  expect(rest).not.toContain('flip:');
  expect(await taken(studyWith('\nlet v = views with {gray<|>}'), 'grayscale:')).toMatch(
    /with \{grayscale: \}$/,
  );
});

it('puts names of the expected type first', async () => {
  const [first] = await offered(studyWith('\ntrain b = pretrain(pairs, views: <|>'));
  expect(['views', 'simclr_views', 'crop_only']).toContain(first);
});

it('offers labels behind an axis, and those only', async () => {
  expect(await offered(studyWith('\nlet x = group.top1[pairs:<|>'))).toEqual(['sp', 'ap']);
  expect(await offered(studyWith('\nlet x = group.top1[pairs: {sp, <|>}]'))).toEqual(['ap']);
  expect(await offered(studyWith('\nlet x = group.top1[seed: <|>]'))).toEqual(['1', '2', '3']);
  expect(await offered(studyWith('\nlet x = if pairs is <|>'))).toEqual(['sp', 'ap']);
  expect(await offered(studyWith('\nlet x = if pairs is not {ap, <|>'))).toEqual(['sp']);
  expect(await offered(studyWith('\nlet x = match pairs { <|> }'))).toEqual(['sp', 'ap', 'else']);
  expect(await taken(studyWith('\nlet x = group.top1[pairs:<|>'), 'ap')).toMatch(/\[pairs: ap$/);
});

it('offers the axes that a value varies over', async () => {
  const axes = await offered(studyWith('\nlet x = group.top1[<|>'));
  expect(axes.toSorted()).toEqual(['pairs', 'seed']);
  expect((await offered(studyWith('\nlet x = mean(gain, over: <|>'))).toSorted()).toEqual([
    'pairs',
    'seed',
  ]);
});

it('offers fields', async () => {
  const fields = await offered(studyWith('\nlet x = group[pairs: sp].<|>'));
  expect(fields[0]).toBe('top1');
  expect(fields.at(-1)).toBe('time');
});

it('offers units of the expected type behind a number', async () => {
  expect(await offered(studyWith('\nlet x = simclr(temperature: 30<|>)'))).toEqual(['30%']);
  expect(await offered(studyWith('\n@timeout(12<|>)'))).toContain('12h');
});

it('offers the texts of an enum, inside and outside of quotes', async () => {
  const stems = ['"imagenet"', '"small"', '"small-half"'];
  expect((await offered(studyWith('\nlet b = resnet18(stem: <|>'))).slice(0, 3)).toEqual(stems);
  expect(await offered(studyWith('\nlet b = resnet18(stem: "<|>")'))).toEqual(stems);
  expect(await taken(studyWith('\nlet b = resnet18(stem: "sm<|>")'), '"small"')).toMatch(
    /resnet18\(stem: "small"\)$/,
  );
});

it('offers modules, names and files in an import', async () => {
  expect(await offered('import <|>')).toContain('std.ssl');
  const all = await offered('import std.pairs.<|>');
  expect(all).toContain('semantic_pairs');
  expect(await offered('import std.pairs.{semantic_pairs, <|>}')).toEqual(
    all.filter((name) => name !== 'semantic_pairs'),
  );
  expect(await offered('import "<|>"')).toEqual(['"./lab/views.ssp"']);
  expect(await offered('import "./lab/views.ssp".{strong, <|>}')).toEqual(['weak']);
});

it('offers the paths of files where a text is one', async () => {
  expect(await offered('param p: Path = file("<|>")')).toContain('"lab/"');
  const inside = ['"lab/pairs.csv"', '"lab/views.ssp"'];
  expect(await offered('param p: Path = file("lab/<|>")')).toEqual(inside);
  expect(await offered('param p: Path = file("lab/pa<|>')).toEqual(inside);
  expect(await offered('extern value m() -> Method from "./lab/<|>"')).toEqual(
    inside.map((path) => path.replace('"', '"./')),
  );
  expect(await offered('extern stage f() -> Files command "sh {out}" reads: ["lab/<|>"]')).toEqual(
    inside,
  );
  expect(await offered('param p: Path = file("gone/<|>")')).toEqual([]);
});

it('imports what it completes', async () => {
  expect(await taken('import std.ssl.simclr\n\nlet m = vic<|>', 'vicreg')).toBe(
    'import std.ssl.{simclr, vicreg}\n\nlet m = vicreg',
  );
  expect(await taken('import std.ssl.simclr\n\nlet m = res<|>', 'resnet18')).toBe(
    'import std.ssl.simclr\nimport std.backbone.resnet18\n\nlet m = resnet18',
  );
  expect(await taken('/// A file.\n\nlet m = vic<|>', 'vicreg')).toBe(
    '/// A file.\n\nimport std.ssl.vicreg\n\nlet m = vicreg',
  );
});

const shared = sharedClient({
  files: { 'lab/views.ssp': 'let strong = 1\nlet weak = 2\n', 'lab/pairs.csv': 'a,b\n' },
});

it('offers annotations and types', async () => {
  expect(await offered('@<|>\ntrain x = f()')).toEqual([
    'gpu',
    'memory',
    'cpus',
    'timeout',
    'retries',
    'stop_on_collapse',
    'halving',
  ]);
  expect(await offered('param x: <|>')).toContain('Fraction');
});

it('offers the names of a def inside of it, and none of what it does not see', async () => {
  const source = studyWith(
    '\ndef f(a: Images, b: Int = 2) -> Int {\n  let c = b\n  return <|>\n}\n',
  );
  const names = await offered(source);
  expect(names).toEqual(expect.arrayContaining(['a', 'b', 'c', 'epochs', 'pretrain']));
  expect(names).not.toContain('gain');
  expect(await offered(studyWith('\ndef f(a: Images) -> Int {\n  <|>\n}\n'))).toContain('return');
});

it('offers the stages inside a call of a def behind its name', async () => {
  const text = `extern stage tr(i: Int) -> Encoder command "tr {i} {out}"
def run(i: Int) -> Encoder {
  train first = tr(i)
  train second = tr(2)
  return first
}
train q = run(1)
expect q.<|>`;
  expect(await offered(text)).toEqual(expect.arrayContaining(['time', 'first', 'second']));
});

const torn = (body: string) =>
  studyWith(`
def probe(data: Images, method: Method, rounds: Int = 2, strength: Fraction = 10%) -> Encoder {
  let network = resnet18(width: 16, stem: "small")
  transform own = simclr_views(size: 32px)
${body}`);

it('knows types inside a def that is being written', async () => {
  const call = '  train made = pretrain(pairs: semantic_pairs(data), ';
  const first = async (body: string) => (await offered(torn(body)))[0];
  expect(await first(`${call}views: <|>`)).toBe('own');
  expect(await first(`${call}views: own, method: <|>\n  return made\n}\n`)).toBe('method');
  expect(await first(`${call}views: own, method, backbone: <|>\n}\n\nlet after = 1\n`)).toBe(
    'network',
  );
  const names = await offered(torn(`${call}views: own, <|>\n  return made\n}\n`));
  expect(names.slice(0, 2).toSorted()).toEqual(['backbone:', 'method:']);
  expect(await offered(torn('  let b = resnet18(stem: <|>'))).toContain('"small"');
  expect(
    await offered(torn('  evaluate e = linear_probe(random_init(network), data)\n  let x = e.<|>')),
  ).toContain('time');
});

it('tells the types of what a def declares', async () => {
  const { items } = await shared().complete(torn('  train made = pretrain(<|>\n}\n'));
  const details = Object.fromEntries(items.map(({ label, detail }) => [label, detail]));
  expect(details).toMatchObject({
    data: 'Images',
    rounds: 'Int',
    strength: 'Fraction(0%..100%)',
    network: 'Backbone',
    own: 'Views',
  });
});

it('reads what it can of a def with another mistake', async () => {
  const body = '  let wrong = = 3\n  let more = rounds + 1\n  let x = pretrain(epochs: <|>\n';
  expect((await offered(torn(body))).slice(0, 2).toSorted()).toEqual(['more', 'rounds']);
});

it('offers no parameter that is given behind the cursor', async () => {
  const names = await offered(
    studyWith('\ntrain b = pretrain(\n  pairs,\n  <|>\n  method: simclr(), epochs,\n)\n'),
  );
  expect(names).toContain('backbone:');
  for (const given of ['pairs:', 'method:', 'epochs:']) expect(names).not.toContain(given);
});

it('offers nothing in comments', async () => {
  expect(await offered(studyWith('\n// a <|>'))).toEqual([]);
});
