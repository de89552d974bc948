/** What the operating system says of one living process. */
export type ProcessFacts = {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  /** Tells this process from every other that has had or will have its pid; compared as a whole, never parsed. */
  readonly identity: string;
};

/** A process that carries our marker in its environment. */
export type MarkedProcess = ProcessFacts & { readonly marker: string };

/** What a group of processes uses at one moment. */
export type GroupUsage = {
  /** CPU time since each of them began, milliseconds. */
  readonly cpuMs: number;
  /** Resident memory; shared pages are counted for each. */
  readonly memoryBytes: number;
  readonly pids: number;
};

/** The operating system's list of processes. */
export interface ProcessTable {
  /** Names one run of the operating system; `null` where it cannot be told. */
  bootId(): string | null;
  /**
   * A living process, or `null` when there is none; one that ended and was not yet waited for is none.
   * Synchronous on purpose: between a comparison of identities and a signal nothing else may run.
   */
  facts(pid: number): ProcessFacts | null;
  /** All processes of the agent's own user whose marker begins with `prefix`. */
  marked(prefix: string): Promise<readonly MarkedProcess[]>;
  /** `null` where it cannot be told. */
  usage(group: number): Promise<GroupUsage | null>;
}
