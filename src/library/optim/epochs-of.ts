/** Epochs of a training; one that passes over images with a step more than fits has no more of them. */
export const epochsOf = (steps: number, perEpoch: number): number => Math.round(steps / perEpoch);
