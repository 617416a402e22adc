export const pointsOn = (count, slope) =>
  Array.from({ length: count }, (_, i) => [i / count, (slope * i) / count]);
