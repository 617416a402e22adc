/** A study that asks one image of split `train` what each of split `test` is, by their pixels. */
export const studyOf = (loader: string, call: string): string => `import std.backbone.pixels
import std.data.${loader}
import std.probe.knn_probe
import std.train.random_init

dataset data = ${call}
train encoder = random_init(pixels(size: 8px))
evaluate nearest = knn_probe(encoder, data, k: 1)
`;

/** What `ssp run --json` prints, as far as these tests look at it. */
export interface RunDocument {
  readonly stages: readonly {
    readonly id: string;
    readonly outcome: string;
    readonly metrics?: Readonly<Record<string, number>>;
    readonly remarks?: readonly string[];
    readonly failure?: { readonly code: string; readonly message: string; readonly help?: string };
  }[];
}

/** The stage of that id. */
export const stageOf = (document: string, id: string): RunDocument['stages'][number] => {
  const { stages } = JSON.parse(document) as RunDocument;
  const found = stages.find((stage) => stage.id === id);
  if (found === undefined) throw new Error(`no stage ${id} in ${document}`);
  return found;
};
