import { SspError } from '../../../base/errors.js';

/**
 * A colour as `#rrggbb`, three levels from 0 to 255.
 * @throws SspError `bad-colour`.
 */
export function readColour(text: string): readonly [number, number, number] {
  const [, digits] = /^#([0-9a-f]{6})$/i.exec(text) ?? [];
  if (digits !== undefined) {
    const value = Number.parseInt(digits, 16);
    return [value >> 16, (value >> 8) & 255, value & 255];
  }
  throw new SspError('bad-colour', `\`background\` is ${JSON.stringify(text)}`, {
    help: 'expected a colour as `#ffffff`: two hexadecimal digits each for red, green and blue',
  });
}
