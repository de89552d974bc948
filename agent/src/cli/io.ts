import type { Clock } from '../ports.ts';

/** Something that takes text: `process.stdout`, or what a test reads. */
export type TextSink = { write(text: string): unknown };

/** What a command is given of the world around it. */
export type CliIo = {
  readonly stdout: TextSink;
  readonly stderr: TextSink;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** Told the exit code when a command has ended; `process.exitCode` is set by it. */
  readonly finish: (exitCode: number) => void;
};
