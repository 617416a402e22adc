/** The line that begins an attempt in the log of its stage: when, and which. */
export const logHead = (id: string): string => `--- ${new Date().toISOString()} ${id}`;

/** Does a line of a log begin an attempt? */
export const isLogHead = (line: string): boolean => /^--- \d{4}-\S+Z /.test(line);

const noteMark = '--- ssp: ';

/** A line of ssp's own in the log of a stage. */
export const logNote = (text: string): string => `${noteMark}${text}`;

/** Is a line of a log ssp's own, and nothing that the stage has printed? */
export const isNote = (line: string): boolean => line.startsWith(noteMark);
