/**
 * The largest sum of a matrix (rows x columns) with at most one entry of each row and of each column: the assignment
 * problem, by shortest augmenting paths, in the cube of the longer side.
 *
 * Source: Kuhn 1955, Munkres 1957; Jonker & Volgenant 1987, doi:10.1007/BF02278710.
 */
export function bestAssignment(gains: readonly (readonly number[])[]): number {
  const size = Math.max(gains.length, gains[0]?.length ?? 0);
  const cost = (row: number, column: number): number => -(gains[row]?.[column] ?? 0);
  // Numbered from 1; column 0 is where each search begins.
  const rowPrice = new Float64Array(size + 1);
  const columnPrice = new Float64Array(size + 1);
  const rowOf = new Int32Array(size + 1);
  for (let row = 1; row <= size; row++) {
    const cheapest = new Float64Array(size + 1).fill(Number.POSITIVE_INFINITY);
    const before = new Int32Array(size + 1);
    const seen = new Uint8Array(size + 1);
    let column = 0;
    rowOf[0] = row;
    while (rowOf[column] !== 0) {
      seen[column] = 1;
      const from = rowOf[column] ?? 0;
      let least = Number.POSITIVE_INFINITY;
      let next = 0;
      for (let other = 1; other <= size; other++) {
        if (seen[other]) continue;
        const price = cost(from - 1, other - 1) - (rowPrice[from] ?? 0) - (columnPrice[other] ?? 0);
        if (price < (cheapest[other] ?? 0)) {
          cheapest[other] = price;
          before[other] = column;
        }
        if ((cheapest[other] ?? 0) < least) {
          least = cheapest[other] ?? 0;
          next = other;
        }
      }
      for (let other = 0; other <= size; other++) {
        if (seen[other]) {
          const taken = rowOf[other] ?? 0;
          rowPrice[taken] = (rowPrice[taken] ?? 0) + least;
          columnPrice[other] = (columnPrice[other] ?? 0) - least;
        } else cheapest[other] = (cheapest[other] ?? 0) - least;
      }
      column = next;
    }
    while (column !== 0) {
      const previous = before[column] ?? 0;
      rowOf[column] = rowOf[previous] ?? 0;
      column = previous;
    }
  }
  let sum = 0;
  for (let column = 1; column <= size; column++) sum -= cost((rowOf[column] ?? 0) - 1, column - 1);
  return sum;
}
