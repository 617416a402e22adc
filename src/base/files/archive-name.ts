/** May a file stand where a folder is meant? An archive holds files as a folder does. */
export const isArchive = (path: string): boolean => path.endsWith('.tar');
