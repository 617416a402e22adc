/** The text of a study that trains by every method alone, a step an epoch. */
export function training(budget: { readonly epochs: number }): string;
/** The text of a study with everything that the library declares, for the ops that it needs. */
export function study(): string;
