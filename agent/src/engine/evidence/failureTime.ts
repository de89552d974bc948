import type { Instance } from '../../core/target.ts';

/** An end that lies further back than this before the incident was opened is another story, milliseconds. */
const SAME_STORY_MS = 900_000;

/**
 * When an instance failed, as far as can be told: the time that parts its logs. What has ended wrote everything
 * before (infinity); what was brought back failed between its end and its new start; of what runs and is sick nobody
 * knows better than the first signal.
 *
 * @param openedAt When the incident was opened, milliseconds since the epoch.
 */
export function failureTime({ status, startedAt, finishedAt }: Instance, openedAt: number): number {
  if (status !== 'running' && status !== 'paused') return Number.POSITIVE_INFINITY;
  if (startedAt === null || finishedAt === null) return openedAt;
  const broughtBack = startedAt >= finishedAt && finishedAt >= openedAt - SAME_STORY_MS;
  // Neither end is exact to the millisecond: last words are taken down a moment later, first ones a moment earlier.
  return broughtBack ? (finishedAt + startedAt) / 2 : openedAt;
}
