/** The text of a study that trains by every method, or by some, alone: a step an epoch. */
export function training(budget: {
  readonly epochs: number;
  readonly methods?: readonly string[];
}): string;
/** The text of a study with everything that the library declares, for the ops that it needs. */
export function study(): string;
