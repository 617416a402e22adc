/**
 * A square image, uint8 (h, h, 3), each pixel the mean of `factor` x `factor`; what is left over at the right
 * and below is not seen.
 */
export function averagedDown(pixels: Uint8Array, size: number, factor: number): Uint8Array {
  if (factor === 1) return pixels;
  const edge = Math.floor(size / factor);
  const made = new Uint8Array(edge * edge * 3);
  for (let y = 0; y < edge; y++) {
    for (let x = 0; x < edge; x++) {
      for (let channel = 0; channel < 3; channel++) {
        let sum = 0;
        for (let dy = 0; dy < factor; dy++) {
          for (let dx = 0; dx < factor; dx++) {
            const at = (y * factor + dy) * size + x * factor + dx;
            sum += pixels[at * 3 + channel] ?? 0;
          }
        }
        made[(y * edge + x) * 3 + channel] = Math.round(sum / factor ** 2);
      }
    }
  }
  return made;
}
