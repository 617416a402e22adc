import type { Json } from '../../base/canonical.js';
import type { Network } from './encoder-description.js';

/** The name of what a description of a key describes: `resnet18`. */
export function describedName(description: Json | undefined): string {
  return describedText(description).replace(/\(.*/s, '');
}

/** A description of a key as people write it: `resnet18(width: 4, stem: "small")`. */
function describedText(description: Json | undefined): string {
  if (typeof description !== 'object' || description === null || !('describe' in description)) {
    return JSON.stringify(description ?? null);
  }
  const { describe, args } = description;
  const name = shortName(String(describe));
  const given = typeof args === 'object' && args !== null ? Object.entries(args) : [];
  return networkText({ network: name, arguments: Object.fromEntries(given) });
}

/** The name without its module: `resnet18` of `std.backbone.resnet18`. */
export const shortName = (name: string): string => name.split('.').at(-1) ?? name;

/** The same of a network: `resnet18(width: 4, stem: "small")`. */
export function networkText({ network, arguments: given }: Network): string {
  const args = Object.entries(given).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
  return `${network}(${args.join(', ')})`;
}
