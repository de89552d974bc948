import type { RawBar } from '../series/bar.ts';

/** Where the bars of a series come from. */
export interface Source {
  /** For logs and answers; holds no secret. */
  readonly description: string;
  /**
   * All rows that the source has, as it gave them.
   * @throws Problem source-unreachable, source-timeout, source-garbage
   */
  fetch(symbol: string, signal: AbortSignal): Promise<RawBar[]>;
}

/** A limit on what a source may answer. */
export const BODY_MAX_BYTES = 32 * 1024 * 1024;
