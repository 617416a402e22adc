import { foldedText } from '../lex/source-text.js';
import type { Term } from '../program.js';
import { childrenOf } from './terms.js';

/**
 * Does a condition look at something that holds at all points or at none, as one of a param does
 * (`scale is paper`)? Then what it drops is dropped for this setting, and not by mistake.
 */
export function looksAtSetting(term: Term): boolean {
  if (term.kind === 'literal') {
    return term.type.kind === 'bool' && !/^(?:true|false)$/.test(foldedText(term.span));
  }
  return childrenOf(term).some(looksAtSetting);
}
