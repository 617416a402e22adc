/** Runs of equal labels of one level above the columns of a table, never across a border of the level above. */
export function spansOf(
  columns: readonly { readonly labels: readonly string[] }[],
  level: number,
): readonly { readonly label: string; readonly span: number }[] {
  const runs: { label: string; span: number; key: string }[] = [];
  for (const { labels } of columns) {
    const key = JSON.stringify(labels.slice(0, level + 1));
    const last = runs.at(-1);
    if (last?.key === key) last.span++;
    else runs.push({ label: labels[level] ?? '', span: 1, key });
  }
  return runs;
}

/** Has a row the same labels as another, down to this level? */
export const sameTo = (
  row: readonly string[] | undefined,
  labels: readonly string[],
  level: number,
): boolean => row !== undefined && labels.slice(0, level + 1).every((label, i) => row[i] === label);
