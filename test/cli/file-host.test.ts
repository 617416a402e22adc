import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { fileHost } from '../../src/cli/study/file-host.js';
import { compile } from '../../src/language/compile.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** A folder with files; `check` gives the codes of what is wrong with one of them. */
function folderWith(files: Readonly<Record<string, string>>) {
  const at = temporaryFolder();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(at, name)), { recursive: true });
    writeFileSync(join(at, name), text);
  }
  const check = (path: string, cwd = '.') =>
    compile(fileHost({ cwd: join(at, cwd) }), path).diagnostics.map(
      ({ code, span }) => `${code} ${span.file.path}`,
    );
  return { at, check };
}

const takes = (from: string) => `import "${from}".{value}\nexpect value > 0\n`;

it('finds packages upwards from the importing file, wherever ssp is started', () => {
  const { at, check } = folderWith({
    'node_modules/@lab/views/strong.ssp': 'let value = 1',
    'node_modules/near/a.ssp': 'let value = "far"',
    'studies/node_modules/near/a.ssp': takes('@lab/views/strong.ssp').replace(
      'expect',
      'let value2 =',
    ),
    'studies/deep/study.ssp': takes('@lab/views/strong.ssp'),
    'studies/deep/near.ssp': takes('near/a.ssp'),
  });
  expect(check('studies/deep/study.ssp')).toEqual([]);
  expect(check('study.ssp', 'studies/deep')).toEqual([]);
  expect(check(join(at, 'studies/deep/study.ssp'))).toEqual([]);
  // the nearer package is the one that declares no `value` itself
  expect(check('studies/deep/near.ssp')).toEqual(['unknown-import studies/deep/near.ssp']);
});

it('follows links to packages, and none out of them', () => {
  const { at, check } = folderWith({
    'store/views/strong.ssp': 'import "./size.ssp".{size}\nlet value = size',
    'store/views/size.ssp': 'let size = 2',
    'secret.ssp': 'let value = 1',
    'study.ssp': takes('views/strong.ssp'),
    'out.ssp': takes('views/link.ssp'),
  });
  mkdirSync(join(at, 'node_modules'));
  symlinkSync(join(at, 'store/views'), join(at, 'node_modules/views'));
  symlinkSync(join(at, 'secret.ssp'), join(at, 'store/views/link.ssp'));
  expect(check('study.ssp')).toEqual([]);
  expect(check('out.ssp')).toEqual(['outside-package out.ssp']);
});

it('knows a file by every path that leads to it', () => {
  const { at, check } = folderWith({
    'study.ssp':
      'import "./lab/a.ssp".{value}\nimport "./lab/../lab/a.ssp".{twice}\nexpect value > twice\n',
    'lab/a.ssp': 'let value = 1\nlet twice = value + value',
    'round.ssp': takes('./link.ssp'),
  });
  symlinkSync(join(at, 'round.ssp'), join(at, 'link.ssp'));
  expect(check('study.ssp')).toEqual([]);
  expect(check('round.ssp')).toEqual(['import-cycle round.ssp']);
});

it('says which files of a study are not there', () => {
  const text = (path: string) =>
    `import std.data.emoji\nimport std.pairs.semantic_pairs\nimport std.train.pretrain\nimport std.views.crop_only
import std.ssl.simclr\nimport std.backbone.resnet18
train e = pretrain(semantic_pairs(emoji(), ${path}), crop_only(32px), simclr(), resnet18())\n`;
  const { check } = folderWith({
    'lab/study.ssp': text('file("pairs.csv")'),
    'lab/pairs.csv': 'a,b\n',
    'study.ssp': text('file("pairs.csv")'),
    'folder.ssp': text('file("lab")'),
    'variable.ssp': text('file(env.NOWHERE)'),
  });
  expect(check('lab/study.ssp')).toEqual([]);
  expect(check('study.ssp')).toEqual(['file-not-found study.ssp']);
  expect(check('folder.ssp')).toEqual(['file-not-found folder.ssp']);
  expect(check('variable.ssp')).toEqual([]);
});

it('waits for nothing that has no content, and says what it is', () => {
  const metrics = 'Metrics{v: Int}';
  const { at } = folderWith({
    'imports.ssp': takes('./pipe.ssp'),
    'folder.ssp': takes('./lab.ssp'),
    'module.ssp': `extern stage m() -> ${metrics} from "./pipe.mjs"\nevaluate e = m()`,
    'lab.mjs/a': '',
    'lab.ssp/a': '',
    'value.ssp': 'extern value m() -> Method from "./lab.mjs"\naxis e = [m()]',
    'list.ssp': `extern stage m(of: Path) -> ${metrics} from "./m.mjs"\nevaluate e = m(file("pipe.mjs"))`,
    'm.mjs': '',
  });
  for (const name of ['pipe.ssp', 'pipe.mjs']) execFileSync('mkfifo', [join(at, name)]);
  const help = (path: string) =>
    compile(fileHost({ cwd: at }), path).diagnostics.flatMap(({ code, help }) =>
      code === 'file-not-found' ? [help] : [],
    );
  for (const path of ['imports.ssp', 'module.ssp', 'list.ssp']) {
    expect(help(path)).toEqual(['it is a named pipe']);
  }
  for (const path of ['folder.ssp', 'value.ssp']) expect(help(path)).toEqual(['it is a folder']);
});
