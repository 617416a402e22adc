/** Random changes of one view, in the order of the fields; probabilities 0 to 1. */
export interface Augmentation {
  /** Output height and width in pixels. */
  readonly size: number;
  /** Random resized crop: area share and aspect ratio (w / h) ranges; none: a plain resize. */
  readonly crop: { readonly scale: Interval; readonly ratio: Interval } | undefined;
  /** Of the resize, antialiased; default: bilinear. Colours that bicubic takes out of 0 to 1 are clamped. */
  readonly filter?: 'bilinear' | 'bicubic';
  readonly flip: number;
  /** Degrees, drawn from -rotation to rotation; 0 for none. */
  readonly rotation: number;
  readonly jitter: {
    readonly probability: number;
    readonly brightness: number;
    readonly contrast: number;
    readonly saturation: number;
    readonly hue: number;
  };
  readonly grayscale: number;
  /** `sigma` in pixels of the output. */
  readonly blur: { readonly probability: number; readonly sigma: Interval };
  readonly solarise: { readonly probability: number; readonly threshold: number };
  /** Subtracted and divided, per channel, of images from 0 to 1. */
  readonly normalise: Normalise;
  /**
   * Flips and colours are drawn for each of so many by so many cells of the view, as for images by themselves; what
   * the cells leave of a side is 0. None: for the view as a whole.
   */
  readonly cells?: number;
}

export interface Normalise {
  readonly mean: Triple;
  readonly std: Triple;
}

export type Triple = readonly [number, number, number];
export interface Interval {
  readonly low: number;
  readonly high: number;
}
