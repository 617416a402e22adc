/**
 * Says which of some names is the same as one that is none of them, but for case or how Unicode writes
 * accents, which a screen may show alike; nothing where there is none.
 */
export function writtenOtherwise(name: string, names: Iterable<string>): string | undefined {
  const plain = name.normalize('NFC');
  const folded = plain.toLowerCase();
  for (const other of names) {
    const composed = other.normalize('NFC');
    if (composed === plain) return `${other} writes its accents in another way`;
    if (composed.toLowerCase() === folded) return `${other} differs in case alone`;
  }
  return undefined;
}
