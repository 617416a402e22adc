/** Puts a point among the nearest so far, whose last it is nearer than, behind those that are as near: the last goes. */
export function insertNear(
  near: Int32Array,
  distances: Float64Array,
  point: number,
  distance: number,
): void {
  let place = near.length - 1;
  for (; place > 0 && distance < (distances[place - 1] ?? 0); place--) {
    distances[place] = distances[place - 1] ?? 0;
    near[place] = near[place - 1] ?? 0;
  }
  distances[place] = distance;
  near[place] = point;
}
