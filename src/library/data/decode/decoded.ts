import type { Triple } from '../../../tensor/views/augmentation.js';

/** How image files become square pixels. */
export interface DecodeOptions {
  /** Side of the square, in pixels. */
  readonly size: number;
  /**
   * - `cover`: the shorter side becomes `size`, and the middle is cut out, as torchvision's
   *   `Resize(size)` and `CenterCrop(size)` do;
   * - `stretch`: both sides become `size`;
   * - `contain`: the longer side becomes `size`, and bars of the background fill the square, as
   *   Pillow's `ImageOps.pad` does;
   * - `inside`: the same, but nothing is enlarged, and the image lies at the top left.
   */
  readonly fit: 'cover' | 'stretch' | 'contain' | 'inside';
  /**
   * - `exact`: decoded as Pillow does, every pixel, then resized as Pillow does;
   * - `fast`: JPEG files are decoded at 1/2, 1/4 or 1/8 where that is still as large as needed, then
   *   resized. Where it is not, and of other formats, the same as with `exact`.
   */
  readonly decode: 'exact' | 'fast';
  /** Colour behind what is transparent and beside what does not fill the square, 0 to 255. */
  readonly background: Triple;
}

/** An image file that could be read, as square pixels. */
export interface DecodedImage {
  /** RGB of (size, size, 3), row by row. */
  readonly pixels: Uint8Array;
  /** Of the file, in pixels, after turning it as its EXIF orientation says. */
  readonly width: number;
  readonly height: number;
  /** What is worth saying of it all the same: `has …`; the name of the file goes before it. */
  readonly remark?: string;
}

/** Why a file is none: `is empty`, `is cut off`, `is damaged` …; the name of the file goes before it. */
export interface Fault {
  readonly fault: string;
}

export type Decoded = DecodedImage | Fault;
