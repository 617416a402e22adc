/**
 * The GPUs that `CUDA_VISIBLE_DEVICES` lets a program see, as it names them: those before the first that
 * is none, as nothing, -1 and what older Slurm writes where a job has none are.
 */
export function visibleGpus(given: string): readonly string[] {
  const names = given.split(',').map((name) => name.trim());
  const end = names.findIndex((name) => name === '' || name === 'NoDevFiles' || /^-/.test(name));
  return end < 0 ? names : names.slice(0, end);
}
