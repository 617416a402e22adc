/** The line that begins an attempt in the log of its stage: when, and which. */
export const logHead = (id: string): string => `--- ${new Date().toISOString()} ${id}`;

/** Does a line of a log begin an attempt? */
export const isLogHead = (line: string): boolean => /^--- \d{4}-\S+Z /.test(line);
