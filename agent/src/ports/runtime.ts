import type { EvidencePiece } from '../core/evidence.ts';
import type { Instance, Target } from '../core/target.ts';
import type { Excerpt } from './excerpt.ts';
import type { LogOptions } from './logSource.ts';

/**
 * What runs the targets. Every call ends by the signal's deadline; what cannot be asked rejects with `RuntimeError`.
 */
export interface Runtime {
  readonly name: Target['runtime'];
  /**
   * Targets that can be found by labels and names. Configured ones need no discovery; one that the runtime knows more
   * dependencies of is given again, with these.
   */
  discover(signal: AbortSignal): Promise<readonly Target[]>;
  /** The target's instances now; empty when there is none. */
  instances(target: Target, signal: AbortSignal): Promise<readonly Instance[]>;
  /**
   * Evidence about one instance, kept before anything is touched. Calls `found` for each piece as it comes, so
   * that a slow one (stats take 1 s or more) holds up nothing. Never rejects for a single piece: it names it as missing.
   *
   * @param failedAt When it failed, milliseconds since the epoch: its logs come as what was written until then and
   * what was written after, as exactly as the runtime can tell. Infinity: it has ended. `null`: as one piece.
   */
  evidence(
    instance: Instance,
    found: (piece: EvidencePiece) => void,
    signal: AbortSignal,
    failedAt: number | null,
  ): Promise<{ readonly missing: readonly string[] }>;
  logs(instance: Instance, options: LogOptions, signal: AbortSignal): Promise<Excerpt>;
  /** What happened to the instance in this range of time, one event a line, oldest first; absent: it keeps no record. */
  events?(
    instance: Instance,
    range: { readonly fromMs: number; readonly toMs: number },
    signal: AbortSignal,
  ): Promise<Excerpt>;
  /** `only`: the use of CPU, which takes a second reading, is not wanted, and may be null. */
  resources(instance: Instance, signal: AbortSignal, only?: 'memory'): Promise<Resources>;
  /**
   * Stops, waits at most `stopTimeoutMs`, kills, and starts. Resolves when the runtime says it is done.
   * Rejects with `RuntimeError`; its `applied` says whether the call may have had its effect all the same.
   */
  restart(
    instance: Instance,
    options: { readonly stopTimeoutMs: number },
    signal: AbortSignal,
  ): Promise<void>;
  start(instance: Instance, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** Use of resources by one instance; `null` where the runtime does not tell. */
export type Resources = {
  /** In processors: 1 is one whole processor busy. */
  readonly cpuShare: number | null;
  readonly memoryBytes: number | null;
  readonly memoryLimitBytes: number | null;
  readonly pids: number | null;
};
