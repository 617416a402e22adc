import type { Point } from './plan.js';

/** A label as ids show it: quoted where it could be read as the beginning of the next axis. */
function shown(label: string): string {
  return label.includes('=') || label.startsWith('"') ? JSON.stringify(label) : label;
}

/** `axis=label,…` with axes sorted (`dims` is sorted). */
export function pointText(dims: readonly string[], point: Point): string {
  return dims.map((axis) => `${axis}=${shown(point[axis] ?? '')}`).join(',');
}

/** `name[axis=label,…]`, or just `name`: different points have different ids. */
export function idOf(name: string, dims: readonly string[], point: Point): string {
  return dims.length === 0 ? name : `${name}[${pointText(dims, point)}]`;
}
