declare module 'sax' {
  /** The part of sax that is used here; the package, a CommonJS module, has no types. */
  interface Parser {
    onopentag: (tag: { readonly name: string }) => void;
    onclosetag: (name: string) => void;
    ontext: (text: string) => void;
    oncdata: (text: string) => void;
    /** Throw to end. */
    onerror: (error: Error) => void;
    /** Where it reads, from 0. */
    readonly line: number;
    write(text: string): Parser;
    close(): Parser;
  }
  const sax: {
    /** `strict`: what is not well-formed is an error. */
    parser(strict: boolean, options?: { readonly trim?: boolean }): Parser;
  };
  export = sax;
}
