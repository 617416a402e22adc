/** Environment variables, e.g. `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;
