import { once } from 'node:events';
import { pino } from 'pino';
import { escapeUnsafe } from '../core/printable.ts';
import type { Clock } from '../ports.ts';
import { prettyLine } from './pretty.ts';

/** The agent's log. `log.info({ incident, target }, 'one sentence')`: one line tells one thing. */
export type Log = pino.Logger;

export type LogOptions = {
  readonly level: 'trace' | 'debug' | 'info' | 'warn' | 'error';
  /** `auto`: for people where `isTty`, else JSON. */
  readonly format: 'auto' | 'pretty' | 'json';
  readonly isTty: boolean;
  readonly clock: Clock;
  /** Takes the finished lines. */
  readonly write: (line: string) => void;
};

/** Opens a log. What comes from outside cannot steer the terminal or the viewer that shows its lines. */
export function openLog({ level, format, isTty, clock, write }: LogOptions): Log {
  const pretty = format === 'pretty' || (format === 'auto' && isTty);
  return pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${new Date(clock.now()).toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    {
      // Inside of a JSON string an escape means the character itself, and no unsafe one stands outside of a string.
      write: (line: string) => write(pretty ? prettyLine(line, isTty) : `${escapeUnsafe(line.trimEnd())}\n`),
    },
  );
}

/** Lines that may wait for a reader that does not read, in bytes; what is over is dropped and counted. */
const WAITING_BYTES_MAX = 4_194_304;

/**
 * Where the lines go: the standard output, without ever holding up the agent. A terminal that was stopped with
 * Ctrl-S, or a log driver that hangs, would otherwise stop the recovery of services.
 */
export function openOutput(descriptor: number): {
  readonly write: (line: string) => void;
  readonly dropped: () => number;
  readonly close: () => Promise<void>;
} {
  const output = pino.destination({ dest: descriptor, sync: false, maxLength: WAITING_BYTES_MAX });
  let dropped = 0;
  output.on('drop', () => {
    dropped += 1;
  });
  // Nobody is left to tell; the journal has it all.
  output.on('error', () => {});
  return {
    write: (line) => {
      output.write(line);
    },
    dropped: () => dropped,
    close: async () => {
      const closed = once(output, 'close');
      output.end();
      await closed;
    },
  };
}
