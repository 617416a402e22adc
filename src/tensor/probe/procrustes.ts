/**
 * Places (n, 2) turned, mirrored and moved so that they lie as near as can be, by least squares, to others (n, 2) of the
 * same points. Nothing is stretched. Source: Schönemann 1966, Psychometrika 31.
 */
export function alignedTo(others: Float64Array, places: Float64Array): Float64Array {
  const n = places.length / 2;
  const [from, to] = [centre(places), centre(others)];
  let [xx, xy, yx, yy] = [0, 0, 0, 0];
  for (let at = 0; at < places.length; at += 2) {
    const [x, y] = [(places[at] ?? 0) - from.x, (places[at + 1] ?? 0) - from.y];
    const [u, v] = [(others[at] ?? 0) - to.x, (others[at + 1] ?? 0) - to.y];
    xx += x * u;
    xy += x * v;
    yx += y * u;
    yy += y * v;
  }
  const turned = Math.hypot(xx + yy, xy - yx);
  const mirrored = Math.hypot(xx - yy, xy + yx);
  const mirror = mirrored > turned ? -1 : 1;
  const angle = Math.atan2(xy - mirror * yx, xx + mirror * yy);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const moved = new Float64Array(2 * n);
  for (let at = 0; at < places.length; at += 2) {
    const [x, y] = [(places[at] ?? 0) - from.x, mirror * ((places[at + 1] ?? 0) - from.y)];
    moved[at] = to.x + cos * x - sin * y;
    moved[at + 1] = to.y + sin * x + cos * y;
  }
  return moved;
}

function centre(places: Float64Array): { readonly x: number; readonly y: number } {
  let [x, y] = [0, 0];
  for (let at = 0; at < places.length; at += 2) {
    x += places[at] ?? 0;
    y += places[at + 1] ?? 0;
  }
  return { x: (2 * x) / places.length, y: (2 * y) / places.length };
}
