import type { Source } from '../../artifact/items.js';
import { readPackage } from './read-package.js';

/** The icon sets, in the order in which their drawings stand in the data set, and who drew them. */
export const iconSets = [
  { name: 'noto', artist: 'noto' },
  { name: 'noto-v1', artist: 'noto' },
  { name: 'twemoji', artist: 'twemoji' },
  { name: 'openmoji', artist: 'openmoji' },
  // Near-copies of each other: the same shapes, with and without shading.
  { name: 'fluent-emoji-flat', artist: 'fluent' },
  { name: 'fluent-emoji', artist: 'fluent' },
  { name: 'emojione', artist: 'emojione' },
  { name: 'fxemoji', artist: 'fxemoji' },
] as const;

export type IconSetName = (typeof iconSets)[number]['name'];

/** One icon: an SVG body and its view box. */
export interface Icon {
  readonly body: string;
  readonly left?: number;
  readonly top?: number;
  readonly width?: number;
  readonly height?: number;
}

/** An icon set in Iconify's format (`icons.json`, `info.json`, `chars.json`). */
export interface IconSet {
  readonly name: IconSetName;
  readonly artist: string;
  readonly icons: Readonly<Record<string, Icon>>;
  readonly width: number;
  readonly height: number;
  /** Icon name by alias. */
  readonly aliases: ReadonlyMap<string, string>;
  /** Icon name or alias by code points (`1f44d`, `fe0f` removed). */
  readonly byCodePoints: ReadonlyMap<string, string>;
  readonly source: Source;
}

interface IconsFile {
  readonly icons: Readonly<Record<string, Icon>>;
  readonly aliases?: Readonly<Record<string, { readonly parent: string } & Flips>>;
  readonly width?: number;
  readonly height?: number;
}

interface Flips {
  readonly rotate?: number;
  readonly hFlip?: boolean;
  readonly vFlip?: boolean;
}

interface InfoFile {
  readonly name: string;
  readonly author: { readonly name: string };
  readonly license: { readonly spdx: string };
}

/** Reads an icon set from its npm package. */
export function readIconSet({ name, artist }: (typeof iconSets)[number]): IconSet {
  const read = (file: string) => readPackage(`@iconify-json/${name}`, file);
  // The packages' own format, declared by @iconify/types.
  const icons = read('icons.json') as IconsFile;
  const info = read('info.json') as InfoFile;
  const chars = read('chars.json') as Readonly<Record<string, string>>;
  const { version } = read('package.json') as { readonly version: string };
  const aliases = new Map<string, string>();
  for (const [alias, to] of Object.entries(icons.aliases ?? {})) {
    // A mirrored or turned icon is not the drawing that its parent is.
    if (to.rotate || to.hFlip || to.vFlip) continue;
    if (icons.icons[to.parent] !== undefined) aliases.set(alias, to.parent);
  }
  return {
    name,
    artist,
    icons: icons.icons,
    width: icons.width ?? 16,
    height: icons.height ?? 16,
    aliases,
    byCodePoints: new Map(
      Object.entries(chars).map(([points, icon]) => [codePoints(points), icon]),
    ),
    source: { name: info.name, version, license: info.license.spdx, author: info.author.name },
  };
}

/** Code points in one spelling: lower case, without the mark that asks for a coloured drawing. */
export function codePoints(hexcode: string): string {
  return hexcode.toLowerCase().replace(/-?fe0f/g, '');
}
