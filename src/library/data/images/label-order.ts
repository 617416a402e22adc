/** Labels in the order that they are numbered in: whole numbers by value, else by their characters. */
export function inLabelOrder(labels: ReadonlySet<string>): readonly string[] {
  const all = [...labels].sort();
  return all.every((label) => /^\d{1,15}$/.test(label))
    ? all.sort((a, b) => Number(a) - Number(b))
    : all;
}
