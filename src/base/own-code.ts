/** The folder of ssp's own code, which is neither the user's nor a package's. */
export const ownCode = new URL('..', import.meta.url);
