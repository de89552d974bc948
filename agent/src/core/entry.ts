import type { DecidedBody } from './entry/decided.ts';
import { HEARD, type HeardBody } from './entry/heard.ts';

/** What an entry says. */
export type EntryBody = HeardBody | DecidedBody;

/** What an entry of one type says. */
export type BodyOf<T extends EntryBody['type']> = Extract<EntryBody, { type: T }>;

/** An entry before the journal gave it its place. */
export type Draft = {
  /** Wall clock, milliseconds since the epoch. */
  readonly at: number;
  /** The incident it belongs to; `null` for what concerns the agent or the whole fleet. */
  readonly incident: string | null;
  readonly target: string | null;
  /** Version of the configuration under which it was heard or decided. */
  readonly settings: string;
  readonly body: EntryBody;
};

/** One line of the journal. */
export type Entry = Draft & {
  /** Schema version; entries of older versions are read for ever. */
  readonly v: 1;
  /** Position in the journal; ascending, not necessarily without gaps. */
  readonly seq: number;
};

/** Whether an entry is an input, or a decision made from inputs. */
export function originOf(type: EntryBody['type']): 'heard' | 'decided' {
  return HEARD.has(type) ? 'heard' : 'decided';
}
