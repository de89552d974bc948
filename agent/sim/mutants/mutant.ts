/** A replacement in the source text of one module; the text must stand there exactly once. */
export type Edit = { readonly file: string; readonly from: string; readonly to: string };

/** A defect that is planted from outside, to see that the simulator finds it. */
export type Mutant = {
  readonly name: string;
  /** What is wrong then, in a sentence. */
  readonly defect: string;
  /** Paths below `agent/src`. */
  readonly edits: readonly Edit[];
  /** Within so many seeds it must be found. */
  readonly seeds: number;
};
