/** Both clocks and the timer; the only source of time for everything but the adapter itself. */
export interface Clock {
  /** Wall clock, milliseconds since the epoch. Deadlines that outlive the process are measured by it. */
  now(): number;
  /** Monotonic clock, milliseconds from an arbitrary start. Durations inside the process are measured by it. */
  monotonic(): number;
  /** Resolves after `ms` milliseconds of monotonic time; rejects with the signal's reason when it aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /**
   * Calls back once, after `ms` milliseconds of monotonic time, unless what is returned is called before. For what is
   * called off nearly always, as deadlines are, and for what comes again and again: it costs far less than a sleep.
   */
  after(ms: number, call: () => void): () => void;
}
