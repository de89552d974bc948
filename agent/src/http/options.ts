import type { Clock, Control, Journal } from '../ports.ts';
import type { HttpLimits } from './limits.ts';
import type { TokenKeeper } from './tokens.ts';

/** The read side of the journal, as far as the API needs it. */
type JournalReader = Pick<Journal, 'incidents' | 'incident' | 'entriesOf'>;

/** Yes or no, with the sentence that says why. */
export type Verdict = { readonly ok: boolean; readonly reason: string };

/** Why signals were refused at the door; stable, for metrics. */
export type RefusalCode =
  | 'unauthorized'
  | 'foreign_origin'
  | 'not_v4'
  | 'invalid'
  | 'not_json'
  | 'too_deep'
  | 'too_large'
  | 'media_type'
  | 'overloaded'
  | 'journal'
  | 'timeout'
  | 'defect';

/** What the server tells about itself, for metrics. */
interface HttpTelemetry {
  /** A whole message was refused, or `count` alerts of one. */
  signalsRefused(code: RefusalCode, count: number): void;
  /** `route` is the pattern, never the path as it came. */
  requestAnswered(method: string, route: string, status: number, durationMs: number): void;
}

/** Where the server says what an operator should know; pino's logger fits. */
interface HttpLog {
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Everything that the server is given. It reads no file, knows no engine, and opens nothing by itself. */
export type HttpOptions = {
  readonly control: Control;
  readonly journal: JournalReader;
  readonly clock: Clock;
  readonly webhookTokens: TokenKeeper;
  readonly operatorTokens: TokenKeeper;
  readonly limits: HttpLimits;
  readonly telemetry: HttpTelemetry;
  readonly log: HttpLog;
  /** Whether the main loop turns. */
  readonly healthy: () => Verdict;
  /** Whether signals can be taken: the journal is writable and folded. */
  readonly ready: () => Verdict;
  readonly metrics: { readonly contentType: string; readonly render: () => Promise<string> };
  /** Loads configuration and tokens anew, all or nothing; rejects with MpaError and changes nothing then. */
  readonly reload: () => Promise<{ readonly settings: string }>;
  readonly version: string;
};
