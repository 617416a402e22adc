import type { DataFile } from '../files/data-file.js';

/** An image file with what is known of it before it is decoded. */
export interface Sample {
  readonly file: DataFile;
  /** none: the split is drawn. */
  readonly split?: string;
  /** `class` is always there. */
  readonly attributes: Readonly<Record<string, string>>;
}
