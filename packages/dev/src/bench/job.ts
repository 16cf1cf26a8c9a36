/**
 * What a folder `packages/e2e/bench/<nn>-<name>/` says of itself: `job.ts` exports a `job`. Beside it
 * lie `pipeline.yaml`, which the command runs, and the scripts that do the same by hand.
 */
export interface Job {
  readonly title: string;
  /** Script by name: the time of each over the time of the command has to reach `goal`. */
  readonly byHand: Readonly<Record<string, { readonly script: string; readonly goal: number }>>;
  /** Makes what all runs read, in a temporary folder: data, servers. */
  prepare(folder: string): Promise<Prepared>;
}

export interface Prepared {
  /** Environment of every run, besides `OUT`: the file that it has to write. */
  readonly env: Readonly<Record<string, string>>;
  /** What was written, where that is no file: its hash is compared. */
  written?(): Promise<string>;
  /** Called before every run. */
  reset?(): Promise<void>;
  close?(): Promise<void>;
}
