/**
 * Expected calibration error: predictions fall into bins of equal width by their confidence, and the distance between
 * mean confidence and accuracy of each bin is weighed with its share of the predictions. 0 to 1.
 *
 * Source: Guo et al. 2017, arXiv:1706.04599, equation 3, with 15 bins, each without its lower end.
 * @param confidences - probability (m) of each predicted class
 * @param predictions - predicted classes (m)
 * @param labels - classes (m)
 */
export function expectedCalibrationError(
  confidences: Float64Array,
  predictions: Int32Array,
  labels: Int32Array,
  bins = 15,
): number {
  // Of each bin the sum of confidences minus the number that is right.
  const gaps = new Float64Array(bins);
  confidences.forEach((confidence, i) => {
    const bin = Math.max(0, Math.ceil(confidence * bins) - 1);
    gaps[bin] = (gaps[bin] ?? 0) + confidence - (predictions[i] === labels[i] ? 1 : 0);
  });
  return gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / labels.length;
}
