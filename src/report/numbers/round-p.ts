/** A p with two digits, and with more where these would be 0.05 and it is not: whether it is below decides what is said. */
export function roundP(p: number): string {
  for (let digits = 2; digits < 16; digits++) {
    const rounded = Number(p.toPrecision(digits));
    if (rounded !== 0.05) return String(rounded);
  }
  return String(p);
}
