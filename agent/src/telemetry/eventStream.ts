import type { Instruments } from './instruments.ts';
import { seconds } from './seconds.ts';

/** The one runtime that tells of itself. */
const DOCKER = { runtime: 'docker' };

/** What can become of a stream of events. */
export type EventStreamChange =
  | { readonly kind: 'connected' | 'disconnected' | 'unreadable' }
  | { readonly kind: 'lost'; readonly count: number };

/** What became of the stream of the engine's events. */
export function eventStreamChanged(of: Instruments, news: EventStreamChange): void {
  switch (news.kind) {
    case 'connected':
      of.eventStreamConnected.set(DOCKER, 1);
      return;
    case 'disconnected':
      of.eventStreamConnected.set(DOCKER, 0);
      of.eventStreamDisconnects.inc(DOCKER);
      return;
    case 'lost':
      of.eventsLost.inc(DOCKER, news.count);
      return;
    case 'unreadable':
      of.eventsUnreadable.inc(DOCKER);
      return;
    default:
      news satisfies never;
  }
}

/** A container's event was heard, so long after it happened. */
export function containerEvent(of: Instruments, lagMs: number): void {
  of.eventLag.observe(DOCKER, seconds(lagMs));
}
