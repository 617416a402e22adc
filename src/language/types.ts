/** The unit of a number type; values are normalised to it: Fraction 0..1, Angle degrees, Duration seconds. */
export type Unit = 'Int' | 'Float' | 'Fraction' | 'Pixels' | 'Angle' | 'Duration' | 'Bytes';

export type DescriptionName =
  | 'Views'
  | 'Backbone'
  | 'Method'
  | 'Optimizer'
  | 'Schedule'
  | 'Epochs'
  | 'Change';
export type ArtifactName = 'Images' | 'Pairs' | 'Encoder' | 'Features' | 'Files';

/** What images say of themselves. */
export type ImagesPart = 'attributes' | 'splits';

/** Attributes and splits, where they are known: by their names, or as those of a parameter's images. */
export type ImagesFacts = Readonly<
  Partial<Record<ImagesPart, readonly string[] | { readonly of: string }>>
>;

/** The type of a value of the language. */
export type Type =
  | {
      readonly kind: 'number';
      readonly unit: Unit;
      /** Refinement, both ends included, in normalised units. */
      readonly low?: number | undefined;
      readonly high?: number | undefined;
      /** For a Fraction: how much two differ, which is shown in points. */
      readonly difference?: true | undefined;
    }
  | { readonly kind: 'bool' }
  | {
      readonly kind: 'string';
      /** In a parameter: it names an attribute or a split of another parameter's images. */
      readonly names?: { readonly part: ImagesPart; readonly of: string };
    }
  /** `secret.NAME`: a text that is handed over to a stage, and neither looked at nor shown. */
  | { readonly kind: 'secret' }
  | { readonly kind: 'path' }
  | { readonly kind: 'folder' }
  | { readonly kind: 'enum'; readonly choices: readonly string[] }
  | { readonly kind: 'range'; readonly of: Type }
  | { readonly kind: 'list'; readonly of: Type }
  | { readonly kind: 'record'; readonly fields: Readonly<Record<string, Type>> }
  | { readonly kind: 'optional'; readonly of: Type }
  | { readonly kind: 'none' }
  | { readonly kind: 'description'; readonly name: DescriptionName }
  | {
      readonly kind: 'artifact';
      readonly name: ArtifactName;
      readonly facts?: ImagesFacts;
      /** Of Features, in a parameter: the one that takes their images. An encoder stands for its features of these. */
      readonly of?: string;
    }
  /** The result of an evaluation: named numbers. */
  | { readonly kind: 'metrics'; readonly fields: Readonly<Record<string, Type>> }
  | { readonly kind: 'axis' }
  | { readonly kind: 'report' }
  /** After a mistake: fits everything and causes no further message. */
  | { readonly kind: 'unknown' };
