export const meanError = (points, slope) =>
  points.reduce((sum, [x, y]) => sum + Math.abs(slope * x - y), 0) / points.length;
