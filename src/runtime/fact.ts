import type { SspError } from '../base/errors.js';

/** One line of `ssp doctor`. A `problem` is a sentence about what is wrong; `fix` what to do. */
export interface Fact {
  /** Stable name for scripts. */
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly problem?: string;
  readonly fix?: string;
}

/** What is wrong with a fact. */
export interface Trouble {
  readonly problem: string;
  readonly fix?: string;
}

/** A fact, and what is wrong with it, if anything is. */
export function fact(id: string, label: string, value: string, trouble?: Trouble | false): Fact {
  return { id, label, value, ...(trouble || {}) };
}

/** An error as what is wrong with a fact. */
export function troubleOf(error: SspError): Trouble {
  const problem = error.message;
  return error.help === undefined ? { problem } : { problem, fix: error.help };
}
