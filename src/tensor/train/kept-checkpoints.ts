/** Where checkpoints of some epochs are kept. */
export interface KeptCheckpoints {
  /** Keep these, as they come by. */
  readonly wanted: readonly number[];
  /** Stop after this epoch, of which `keep` is asked too; default: the last. */
  readonly until: number | undefined;
  /** Keeps a checkpoint, a file, as that of an epoch. */
  keep(epoch: number, checkpoint: string): void;
  /** The kept checkpoint, a file, of the latest epoch up to `until`; of a whole training, of those at which it stopped before. */
  nearest(): string | undefined;
}
