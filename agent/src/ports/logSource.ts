import type { Target } from '../core/target.ts';

export type LogOptions = {
  readonly lines: number;
  /** Only lines after this time, milliseconds since the epoch. */
  readonly since: number | null;
  /** Only lines until this time, milliseconds since the epoch; absent: until now. Fewer than `lines` may come then. */
  readonly until?: number;
  readonly maxBytes: number;
};

/**
 * Keeps the log lines of targets beyond the life of their instances. A question ends by the source's own deadline of
 * a few seconds, or earlier by the signal's; it rejects when there are no lines or none can be had.
 */
export interface LogSource {
  readonly name: string;
  /** The last lines of the target, of whatever instance, oldest first. `remarks`: why they may not be all. */
  logs(
    target: Target,
    options: LogOptions,
    signal: AbortSignal,
  ): Promise<{ readonly text: string; readonly truncated: boolean; readonly remarks: readonly string[] }>;
}
