/** `1 result`, `3 results`. */
export const countOf = (results: number): string => `${results} result${results === 1 ? '' : 's'}`;
