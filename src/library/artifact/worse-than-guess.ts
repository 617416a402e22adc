/**
 * What has to be said of a classifier whose mean loss ends above that of one that guesses; nothing of others.
 * Where features tell nothing a guess is right, and the loss a little above it by what training began with.
 */
export function worseThanGuess(loss: number, classes: number): string | undefined {
  const guess = Math.log(classes);
  if (loss <= 1.05 * guess) return undefined;
  return `the mean loss of the last epoch is ${loss.toFixed(3)}, above ${guess.toFixed(3)} of a guess among ${classes} classes: the rate is too high for these features`;
}
