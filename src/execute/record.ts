import type { Json } from '../base/canonical.js';
import type { McNemar } from '../base/statistics/mcnemar.js';
import type { Metrics } from '../plan/metrics.js';
import type { KeyRecord, PlannedStage } from '../plan/plan.js';
import type { Seen } from '../plan/point-code.js';

/** Content of the store: SHA-256 and size in bytes. */
export interface Blob {
  readonly digest: string;
  readonly size: number;
}

/**
 * What a stage made: named files, and for an evaluation its metrics. `digest` is that of all the
 * rest (of a file its name and its digest), so equal results have equal digests wherever they came from.
 */
export interface Output {
  readonly type: string;
  readonly digest: string;
  readonly files: Readonly<Record<string, Blob>>;
  /** Names of folders with nothing in them; absent without one. */
  readonly folders?: readonly string[];
  /** Names of the files that may be executed; absent without one. */
  readonly executable?: readonly string[];
  readonly metrics: Metrics;
}

/** One entry of the store: a key, what it stands for, and what came out. */
export interface StageRecord {
  readonly version: 1;
  readonly key: string;
  readonly record: KeyRecord;
  /** The id under which it was computed; for people, never compared. */
  readonly id: string;
  readonly output: Output;
  readonly seconds: number;
  readonly finishedAt: string;
  /** Threads, processor, library versions, device: recorded beside the result, not in the key. */
  readonly environment: Readonly<Record<string, Json>>;
  /** For a stage of the user's own: what the result depends on beside what its key names. */
  readonly seen?: Seen;
  /**
   * What the stage remarked, in its order: sentences that whoever reads the result has to know, such
   * as that the features collapsed. Beside the result, and neither in its digest nor in a key.
   */
  readonly remarks?: readonly string[];
  /**
   * What is in the result, in the order in which it is told: images, classes, steps an epoch. Beside the
   * result, and neither in its digest nor in a key.
   */
  readonly facts?: Readonly<Record<string, string | number>>;
  /** Of a training of the library's. Beside the result, and neither in its digest nor in a key. */
  readonly watched?: Watched;
  /** Who answers for it, when it was sent by somebody who signs; of all the rest of the record. */
  readonly signed?: Signature;
  /** Somebody has said that it counts as the result of this key, too: the last of them last. */
  readonly accepted?: readonly Accepted[];
}

export interface Signature {
  /** A public key, `ed25519:BASE64URL`. */
  readonly by: string;
  /** In base64url. */
  readonly signature: string;
}

/** Who has said of a result that a change does not matter, and why. */
export interface Accepted {
  readonly because: string;
  readonly by: string;
  /** As ISO 8601. */
  readonly at: string;
  /** The key under which it was before. */
  readonly from: string;
  /** What has changed since, as `plan` says it. */
  readonly changes: readonly string[];
}

/** What the numbers of a training mean, for figures; the most telling first. */
export interface Watched {
  readonly signs: Readonly<Record<string, Watch>>;
  /** A row for each epoch of numbers that are not in `history.json`: more can be watched, and a result stays what it is. */
  readonly rows?: History['rows'];
}

/** What a number is, and values to hold it against by what they are. */
export interface Watch {
  readonly what: string;
  readonly lines?: Readonly<Record<string, number>>;
}

/** What is known of a result: a record of the store, or the numbers that a lock has. */
export type StageResult = Pick<StageRecord, 'key' | 'output' | 'seconds' | 'environment'> &
  Partial<
    Pick<
      StageRecord,
      'record' | 'seen' | 'finishedAt' | 'remarks' | 'facts' | 'watched' | 'accepted'
    >
  >;

/** How a training went, written by train stages as `history.json`: one row an epoch. */
export interface History {
  readonly rows: readonly Readonly<Record<string, number>>[];
}

/** `locked`: the store has no result, the lock has its numbers. `dropped`: halving went on without it. */
export type Outcome = 'hit' | 'ran' | 'failed' | 'skipped' | 'locked' | 'dropped';

/** A stage of a finished run. */
export interface StageOutcome {
  readonly planned: PlannedStage;
  readonly outcome: Outcome;
  /** Seconds of this run's work; for a hit, those of the run that made the result. */
  readonly seconds: number;
  readonly record: StageResult | undefined;
  /** For `failed`: one sentence, and the folder or file with the log. For `skipped`: what it waited for. */
  readonly failure?: { readonly code: string; readonly message: string; readonly help?: string };
}

/** Mean and spread of the values that a cell stands for. */
export interface Cell {
  readonly mean: number;
  /** Sample standard deviation; none for one value. */
  readonly std: number | undefined;
  readonly count: number;
  /** Points that have no result yet. */
  readonly pending?: number;
  readonly values: readonly number[];
  /** The point of each value along the axes averaged over, as `axis=label,…`. */
  readonly points?: readonly string[];
  /** The axes averaged over that the value varies over, and the labels of each value along them. */
  readonly axes?: readonly string[];
  readonly labels?: readonly (readonly string[])[];
  /** It is made of the axes averaged over already, as a p is: no mean of one value. */
  readonly reduced?: true;
  /** For an interval: its ends; `mean` is its middle, `values` are both. */
  readonly interval?: { readonly low: number; readonly high: number };
  /** For a text, as a label that was chosen: `mean` is no number, and there are no values. */
  readonly text?: string;
  /** Of a text that is made of labels: these, by their axes. */
  readonly chosen?: Readonly<Record<string, string>>;
  /** Points whose value is no number: a division by zero, or a whole number that is not exact. */
  readonly invalid?: number;
  /** How to print the numbers; a difference of Fractions in points, 0.043 as 4.3. */
  readonly unit:
    | 'Fraction'
    | 'FractionDifference'
    | 'Duration'
    | 'Float'
    | 'Int'
    | 'Bytes'
    | 'Pixels'
    | 'Angle'
    | 'Text';
}

/** What a cell of a column `a - b` says, paired over the points that it is the mean of. */
export interface Difference {
  readonly row: number;
  readonly column: number;
  /** What `a` and `b` are called. */
  readonly first: string;
  readonly second: string;
  readonly mean: number;
  /** 95 %, of the mean, by Student's t. */
  readonly interval: { readonly low: number; readonly high: number };
  /** Pairs; at least two. */
  readonly count: number;
  /** Pairs are seeds, each the mean over these axes. */
  readonly within?: readonly string[];
  /** Axes of rows and columns along which it is the same, and said once. */
  readonly same?: readonly string[];
  /** Two-sided, of the sign-flip test. */
  readonly p: number;
  /** The least that so many pairs can give. */
  readonly least: number;
  /** `p` adjusted by Holm for all differences of the table. */
  readonly holm: number;
  readonly unit: Cell['unit'];
  /** Of a difference of shares: what the images say, the pairs being these; else none of it is known. */
  readonly images?: OverImages;
}

/** What the images that were asked say of a difference of shares, or why they say nothing. */
export type OverImages = ImagesSay | { readonly none: string };

export interface ImagesSay {
  readonly images: number;
  /** 95 %, of the mean, by a paired bootstrap over images. */
  readonly interval: { readonly low: number; readonly high: number };
  /** McNemar's test of each pair; none where an answer is the mean of several predictions. */
  readonly mcnemar: readonly (McNemar & { readonly point: string })[];
  readonly none?: never;
}

/** A cell of a column `a - b` that is of one pair: only the images say something of it. */
export interface SinglePair
  extends Omit<Difference, 'interval' | 'count' | 'p' | 'least' | 'holm'> {
  readonly images: ImagesSay;
  /** McNemar's mid-p adjusted by Holm for all such cells of the table; none where there is no such test. */
  readonly holm?: number;
}

/** A table of the report: row and column headers are labels; a missing cell has no points. */
export interface Table {
  readonly name: string;
  /** What readers see instead of the name. */
  readonly shown?: string | undefined;
  readonly doc: string | undefined;
  readonly rowAxes: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly columnAxes: readonly string[];
  readonly columns: readonly Column[];
  /** By row, then column. */
  readonly cells: readonly (readonly (Cell | undefined)[])[];
  /** How many cells are empty because the results give no number: an interval of one value, a size where nothing differs. */
  readonly untold?: number;
  readonly over: readonly string[];
  readonly differences: readonly Difference[];
  readonly singlePairs: readonly SinglePair[];
  /** What was published of its cells. */
  readonly published: readonly Published[];
  /** What its numbers are about: how many images they were measured on, and the like. */
  readonly about: readonly About[];
  /** Why images tell nothing where an expression asks them; absent where they do. */
  readonly silent?: readonly string[];
}

/** A column: its labels of the column axes, then the name of the value and what readers see instead of it. */
export interface Column {
  readonly labels: readonly string[];
  readonly value: string;
  readonly shown?: string | undefined;
  /** It counts errors, so more of it is not better. */
  readonly errors?: true;
  /** It is how much two values differ. */
  readonly difference?: true;
}

/** What readers see instead of the names of axes, and of labels by axis; others are shown as they are. */
export interface DisplayNames {
  readonly axes: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Facts about the results of evaluations that a table reads. */
export interface About {
  /** Declarations whose results have these facts. */
  readonly stages: readonly string[];
  /** The values of each fact over the points that are read, each once, in the order of the plan. */
  readonly facts: Readonly<Record<string, readonly (string | number)[]>>;
}

export interface Expectation {
  readonly text: string;
  readonly doc: string | undefined;
  /** Undefined when results are missing, or tell nothing. */
  readonly holds: boolean | undefined;
  readonly points: number;
  /** The points where it does not hold, as `axis=label,…`, with the two sides where there are two. */
  readonly failing: readonly string[];
  /** For a comparison: the two sides at each point. */
  readonly sides: readonly {
    readonly point: string;
    readonly left: number;
    readonly right: number;
    /** Sample standard deviation of what a side is the mean of, where it is one. */
    readonly leftStd?: number | undefined;
    readonly rightStd?: number | undefined;
    /** The claim does not hold there. */
    readonly fails?: true;
  }[];
  /**
   * The points at which the 95 % interval of a side that is a mean holds the other side, a plain number: what is
   * claimed is so of these seeds, and may be otherwise of others.
   */
  readonly unclear?: readonly string[];
  /** The points at which results give no number: an interval of one value, a size where nothing differs. */
  readonly untold?: readonly string[];
  /** Why images tell nothing where the claim asks them; absent where they do. */
  readonly silent?: readonly string[];
  /** How to print the two sides. */
  readonly unit?: Cell['unit'] | undefined;
  /** For a comparison: `<`, `<=`, `>`, `>=`, `==` or `!=`. */
  readonly operator?: string | undefined;
}

/** A published value of a cell of a table. */
export interface Published {
  readonly row: number;
  readonly column: number;
  readonly value: number;
  readonly unit: Cell['unit'];
  readonly source: string;
}

/** A published value beside ours. */
export interface Comparison {
  readonly source: string;
  readonly text: string;
  readonly published: number;
  /** How to print the published value; that of `ours` where there is one. */
  readonly unit?: Cell['unit'] | undefined;
  readonly ours: Cell | undefined;
}

/** Everything that `show`, `report` and `run --json` say; made of records alone. */
export interface Findings {
  readonly tables: readonly Table[];
  readonly expectations: readonly Expectation[];
  readonly comparisons: readonly Comparison[];
  readonly names: DisplayNames;
}
