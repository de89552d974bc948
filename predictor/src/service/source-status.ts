/** What the last refresh of a series from its source came to. */
export interface SourceStatus {
  readonly atMs: number;
  /** `ok`, `bars-conflict` (the good bars were taken), or the code of the problem for which nothing was. */
  readonly outcome: string;
  /** In a sentence; null where all is well. */
  readonly detail: string | null;
  /** The source could not be read: forecasts are from older bars. */
  readonly isFailing: boolean;
}
